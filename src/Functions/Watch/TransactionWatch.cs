using System.Runtime.CompilerServices;
using Atomic.EventSourcing;
using Atomic.Functions.Backups;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Tracking;
using Atomic.Transactions;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Watch;

/// <summary>
/// Compares how the engine says that transactions stand with the streams that they wrote to, and with what the tracker has heard, in both
/// directions. What an orchestrator can make good is begun again, begun anew or told again, a few times; what it cannot is raised for a
/// person. Those that nobody coordinates have no engine to ask: <see cref="FlowWatch"/> looks after them. After a restore of the event store it
/// compares for a while what every transaction of that time has written, for they may go on past what is gone, and never be silent.
/// </summary>
public sealed class TransactionWatch(
    TransactionCatalog catalog, LostWrites lost, RestoreMarks restores, OpenTransactions open, OrchestrationRepair engine, TimeProvider time,
    ILogger<TransactionWatch> logger)
{
    /// <summary>How long a transaction may say nothing.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(15);

    /// <summary>How long the record of an end may be on its way to the tracker.</summary>
    public static readonly TimeSpan OnItsWay = TimeSpan.FromMinutes(2);

    private const int PageSize = 100;

    private static readonly TimeSpan Usual = TimeSpan.FromDays(1);

    private static readonly OrchestrationRuntimeStatus[] Unended =
    [
        OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Suspended,
        OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated,
    ];

    /// <returns>What is wrong, whether it was found now or before.</returns>
    public async Task<IReadOnlyList<Finding>> RunAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        var (found, known, unseen) = (new List<Finding>(), new HashSet<string>(), 0);
        var restored = await restores.FindOpenAsync(cancellation);
        var query = new OrchestrationQuery(Statuses: Unended, PageSize: PageSize, FetchInputsAndOutputs: true);
        await foreach (var instance in client.GetAllInstancesAsync(query).WithCancellation(cancellation))
        {
            if (!TransactionReader.IsTransaction(instance)) continue;
            known.Add(instance.InstanceId);
            await OneAsync(instance.InstanceId, () => FindAsync(client, instance, restored?.Data, cancellation));
        }

        await foreach (var mark in open.ListAsync(cancellation))
        {
            if (mark.Coordination == Coupling.Events)
            {
                if (restored?.Data.At > mark.StartedAt) await OneAsync(mark.Id, () => CompareAsync(client, mark, restored.Data, cancellation));
            }
            else if (!known.Contains(mark.Id))
            {
                await OneAsync(mark.Id, () => MissAsync(client, mark, cancellation));
            }
        }

        if (restored is not null)
        {
            await foreach (var id in EndedSinceAsync(client, restored.Data, cancellation)) await OneAsync(id, () => CompareAsync(client, id, restored.Data, cancellation));
            await LookedAsync(restored, unseen, cancellation);
        }

        return found;

        // One that cannot be looked at must not hide the others.
        async Task OneAsync(string id, Func<Task<Finding?>> lookAsync)
        {
            try
            {
                if (await lookAsync() is { } finding) found.Add(finding);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                unseen++;
                Logs.TransactionNotWatched(logger, id, e);
            }
        }
    }

    /// <summary>
    /// What was in flight at the restore is heard within minutes of the first look, and may be ahead only then. What can never be looked at does
    /// not have all compared for ever.
    /// </summary>
    private async Task LookedAsync(Row<RestoreMark> restored, int unseen, CancellationToken cancellation)
    {
        var (mark, now) = (restored.Data, time.GetUtcNow());
        var first = mark.FirstLookAt ?? now;
        var isOver = now - first >= (unseen == 0 ? Silence : Usual);
        if (isOver && unseen > 0) Logs.RestoreNotCompared(logger, mark.Day, unseen);
        if (isOver || mark.FirstLookAt is null)
            await restores.LookedAsync(restored, mark with { FirstLookAt = first, ComparedAt = isOver ? now : null }, cancellation);
    }

    private async Task<Finding?> FindAsync(
        DurableTaskClient client, OrchestrationMetadata instance, RestoreMark? restored, CancellationToken cancellation)
    {
        var finding = await LookAsync(instance, restored, cancellation);
        if (finding is not null) await engine.ActAsync(client, finding, instance, null, cancellation);
        return finding;
    }

    private async Task<Finding?> LookAsync(OrchestrationMetadata instance, RestoreMark? restored, CancellationToken cancellation)
    {
        Finding Found(string reason, Repair repair = Repair.None) => new(instance.InstanceId, OrchestrationRepair.RunOf(instance), reason, repair);
        if (instance.RuntimeStatus == OrchestrationRuntimeStatus.Failed)
            return Found(instance.FailureDetails?.ErrorMessage ?? "Its orchestration failed and does not say why.", Repair.Restart);
        if (instance.RuntimeStatus == OrchestrationRuntimeStatus.Terminated)
            return Found("Its orchestration was terminated: what its steps did stays done, and nobody is left to undo it.") with { Terminated = true };

        var status = instance.ReadCustomStatusAs<TransactionStatus>();
        var isQuiet = time.GetUtcNow() - instance.LastUpdatedAt >= Silence && !Waits(instance, status);
        if (!isQuiet && !(restored?.At > instance.CreatedAt)) return null;
        if (await lost.FindAsync(instance.InstanceId, status?.Tokens ?? [], cancellation) is { } gone) return Ahead(instance.InstanceId, gone, restored, instance);
        return isQuiet ? Found($"It has said nothing since {instance.LastUpdatedAt:u}{AtOf(status, instance)}.") : null;
    }

    // Whoever is parked, or waits for a person's decision, has said so and is right to wait.
    private bool Waits(OrchestrationMetadata instance, TransactionStatus? status)
    {
        if (status is null || instance.RuntimeStatus == OrchestrationRuntimeStatus.Suspended) return false;
        if (status.State == TransactionState.NeedsAttention) return true;
        return At(status, instance).Any(step => step.DecisionLimit is not null);
    }

    private string AtOf(TransactionStatus? status, OrchestrationMetadata instance)
    {
        var steps = status is null ? "" : string.Join(", ", At(status, instance).Select(step => $"'{step.Name}' of {step.Participant}"));
        var at = steps.Length == 0 ? "" : $", when it was at {steps}";
        return instance.RuntimeStatus == OrchestrationRuntimeStatus.Running ? at : $"{at}, and is {instance.RuntimeStatus}";
    }

    private IEnumerable<StepDefinition> At(TransactionStatus status, OrchestrationMetadata instance)
    {
        var start = instance.ReadInputAs<TransactionStart>()!;
        return catalog.Pinned(start.Definition, start.Version).Definition.Steps.Zip(status.Steps)
            .Where(each => each.Second.State is StepState.Running or StepState.Undoing).Select(each => each.First);
    }

    /// <summary>What was under way at a restore, and has ended before it could be compared.</summary>
    private static async IAsyncEnumerable<string> EndedSinceAsync(
        DurableTaskClient client, RestoreMark restored, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // The engine cannot be asked for when one ended. What had run for days before will hardly end within the minutes of comparing.
        var query = new OrchestrationQuery(
            CreatedFrom: restored.ExportedAfter - Usual, CreatedTo: restored.At, Statuses: [OrchestrationRuntimeStatus.Completed], PageSize: PageSize);
        await foreach (var instance in client.GetAllInstancesAsync(query).WithCancellation(cancellation))
        {
            if (TransactionReader.IsTransaction(instance) && instance.LastUpdatedAt >= restored.At) yield return instance.InstanceId;
        }
    }

    private async Task<Finding?> CompareAsync(DurableTaskClient client, string id, RestoreMark restored, CancellationToken cancellation)
    {
        if (await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellation) is not { } instance) return null;
        var tokens = instance.ReadCustomStatusAs<TransactionStatus>()?.Tokens ?? [];
        if (await lost.FindAsync(id, tokens, cancellation) is not { } gone) return null;
        var finding = Ahead(id, $"It ended after a restore. {gone}", restored, instance);
        await engine.ActAsync(client, finding, instance, null, cancellation);
        return finding;
    }

    private async Task<Finding?> CompareAsync(DurableTaskClient client, OpenTransaction mark, RestoreMark restored, CancellationToken cancellation)
    {
        if (await open.FindAsync(mark, cancellation) is not { } progress) return null;
        if (await lost.FindAsync(mark.Id, progress.Facts.SelectMany(fact => fact.Tokens), cancellation) is not { } gone) return null;
        var finding = Ahead(mark.Id, gone, restored, null);
        await engine.ActAsync(client, finding, null, progress.Transaction, cancellation);
        return finding;
    }

    /// <summary>After a restore it is one case however it goes on, and is found at each look.</summary>
    private static Finding Ahead(string id, string gone, RestoreMark? restored, OrchestrationMetadata? instance) =>
        new(id, restored is null ? OrchestrationRepair.RunOf(instance!) : $"restored {restored.At:O}", gone, IsAhead: true);

    /// <summary>For the tracker it has not ended; to the engine it has, or it is unknown.</summary>
    private async Task<Finding?> MissAsync(DurableTaskClient client, OpenTransaction mark, CancellationToken cancellation)
    {
        if (await open.FindAsync(mark, cancellation) is not { Transaction.Coordination: not Coupling.Events } progress) return null;
        var instance = await client.GetInstanceAsync(mark.Id, getInputsAndOutputs: true, cancellation);
        var finding = instance switch
        {
            null => new Finding(mark.Id, "unknown", "The engine does not know it, and it has not ended.", Repair.Begin),
            { RuntimeStatus: OrchestrationRuntimeStatus.Completed } when time.GetUtcNow() - instance.LastUpdatedAt >= OnItsWay =>
                new Finding(mark.Id, OrchestrationRepair.RunOf(instance), $"It ended at {instance.LastUpdatedAt:u}, and its record has not been heard.", Repair.Tell),
            _ => null,
        };
        if (finding is not null) await engine.ActAsync(client, finding, instance, progress.Transaction, cancellation);
        return finding;
    }
}

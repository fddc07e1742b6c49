using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Streams;
using Atomic.Functions.Tracking;
using Atomic.Transactions;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Watch;

/// <summary>
/// Compares how the engine says that transactions stand with the streams that they wrote to, and with what the tracker has heard, in both
/// directions. What an orchestrator can make good is begun again, begun anew or told again, a few times; what it cannot is raised for a
/// person. Those that nobody coordinates have no engine to ask: <see cref="FlowWatch"/> looks after them.
/// </summary>
public sealed class TransactionWatch(
    TransactionCatalog catalog, IEventStore events, OpenTransactions open, OrchestrationRepair engine, TimeProvider time,
    ILogger<TransactionWatch> logger)
{
    /// <summary>How long a transaction may say nothing.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(15);

    /// <summary>How long the record of an end may be on its way to the tracker.</summary>
    public static readonly TimeSpan OnItsWay = TimeSpan.FromMinutes(2);

    private const int PageSize = 100;

    private static readonly OrchestrationRuntimeStatus[] Unended =
    [
        OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Suspended,
        OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated,
    ];

    /// <returns>What is wrong, whether it was found now or before.</returns>
    public async Task<IReadOnlyList<Finding>> RunAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        var (found, known) = (new List<Finding>(), new HashSet<string>());
        var query = new OrchestrationQuery(Statuses: Unended, PageSize: PageSize, FetchInputsAndOutputs: true);
        await foreach (var instance in client.GetAllInstancesAsync(query).WithCancellation(cancellation))
        {
            if (!TransactionReader.IsTransaction(instance)) continue;
            known.Add(instance.InstanceId);
            await OneAsync(instance.InstanceId, () => FindAsync(client, instance, cancellation));
        }

        await foreach (var mark in open.ListAsync(cancellation))
        {
            if (mark.Coordination == Coupling.Events || known.Contains(mark.Id)) continue;
            await OneAsync(mark.Id, () => MissAsync(client, mark, cancellation));
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
                Logs.TransactionNotWatched(logger, id, e);
            }
        }
    }

    private async Task<Finding?> FindAsync(DurableTaskClient client, OrchestrationMetadata instance, CancellationToken cancellation)
    {
        var finding = await LookAsync(instance, cancellation);
        if (finding is not null) await engine.ActAsync(client, finding, instance, null, cancellation);
        return finding;
    }

    private async Task<Finding?> LookAsync(OrchestrationMetadata instance, CancellationToken cancellation)
    {
        Finding Found(string reason, Repair repair = Repair.None) => new(instance.InstanceId, OrchestrationRepair.RunOf(instance), reason, repair);
        if (instance.RuntimeStatus == OrchestrationRuntimeStatus.Failed)
            return Found(instance.FailureDetails?.ErrorMessage ?? "Its orchestration failed and does not say why.", Repair.Restart);
        if (instance.RuntimeStatus == OrchestrationRuntimeStatus.Terminated)
            return Found("Its orchestration was terminated: what its steps did stays done, and nobody is left to undo it.") with { Terminated = true };

        var status = instance.ReadCustomStatusAs<TransactionStatus>();
        if (time.GetUtcNow() - instance.LastUpdatedAt < Silence || Waits(instance, status)) return null;
        return await BehindAsync(status, cancellation) is { } behind
            ? Found($"The engine has it at {behind.Said}, and that stream is at version {behind.Head}: one of the two was restored, or lost.")
            : Found($"It has said nothing since {instance.LastUpdatedAt:u}{AtOf(status, instance)}.");
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

    private async Task<(StreamPosition Said, long Head)?> BehindAsync(TransactionStatus? status, CancellationToken cancellation)
    {
        foreach (var token in status?.Tokens ?? [])
        {
            if (!StreamPosition.TryParse(token, out var said) || AggregateCatalog.Find(said.Stream.Category) is null) continue;
            var head = await events.FindVersionAsync(said.Stream, cancellation);
            if (head < said.Version) return (said, head);
        }

        return null;
    }

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

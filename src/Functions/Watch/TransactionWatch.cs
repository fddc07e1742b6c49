using System.Globalization;
using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Streams;
using Atomic.Transactions;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Watch;

/// <summary>
/// Compares how the engine says that transactions stand with the streams that they wrote to. One whose orchestration has failed is begun
/// again, a few times; one that says nothing, was terminated, or is ahead of its streams is raised for a person. An answer of the engine
/// that is a moment old does no harm: each act is recorded by run, and done once.
/// </summary>
public sealed class TransactionWatch(
    TransactionCatalog catalog, IEventStore events, CommandHandler audit, TimeProvider time, ILogger<TransactionWatch> logger)
{
    /// <summary>How long a transaction may say nothing. The alert on stuck transactions waits as long.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(15);

    private const int PageSize = 100;

    private static readonly OrchestrationRuntimeStatus[] Unended =
        [OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    /// <returns>What is wrong, whether it was found now or before.</returns>
    public async Task<IReadOnlyList<Finding>> RunAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        var found = new List<Finding>();
        var query = new OrchestrationQuery(Statuses: Unended, PageSize: PageSize, FetchInputsAndOutputs: true);
        await foreach (var instance in client.GetAllInstancesAsync(query).WithCancellation(cancellation))
        {
            if (!TransactionReader.IsTransaction(instance) || await LookAsync(instance, cancellation) is not { } finding) continue;
            found.Add(finding);
            await ActAsync(client, finding, cancellation);
        }

        return found;
    }

    private async Task<Finding?> LookAsync(OrchestrationMetadata instance, CancellationToken cancellation)
    {
        Finding Raise(string reason, bool canRestart = false) => new(instance.InstanceId, RunOf(instance), reason, canRestart);
        if (instance.RuntimeStatus == OrchestrationRuntimeStatus.Failed)
            return Raise(instance.FailureDetails?.ErrorMessage ?? "Its orchestration failed and does not say why.", canRestart: true);
        if (instance.RuntimeStatus == OrchestrationRuntimeStatus.Terminated)
            return Raise("Its orchestration was terminated: what its steps did stays done, and nobody is left to undo it.");

        var status = instance.ReadCustomStatusAs<TransactionStatus>();
        if (time.GetUtcNow() - instance.LastUpdatedAt < Silence || Waits(instance, status)) return null;
        return await BehindAsync(status, cancellation) is { } behind
            ? Raise($"The engine has it at {behind.Said}, and that stream is at version {behind.Head}: one of the two was restored, or lost.")
            : Raise($"It has said nothing since {instance.LastUpdatedAt:u}.");
    }

    // Whoever is parked, or waits for a person's decision, has said so and is right to wait.
    private bool Waits(OrchestrationMetadata instance, TransactionStatus? status)
    {
        if (status is null) return false;
        if (status.State == TransactionState.NeedsAttention) return true;
        var start = instance.ReadInputAs<TransactionStart>()!;
        return catalog.Pinned(start.Definition, start.Version).Definition.Steps.Zip(status.Steps)
            .Any(each => each.First.DecisionLimit is not null && each.Second.State == StepState.Running);
    }

    private async Task<(StreamPosition Said, long Head)?> BehindAsync(TransactionStatus? status, CancellationToken cancellation)
    {
        foreach (var token in status?.Tokens ?? [])
        {
            if (!StreamPosition.TryParse(token, out var said) || AggregateCatalog.Find(said.Stream.Category) is not { } aggregate) continue;
            var head = await aggregate.HeadAsync(events, said.Stream.Id, cancellation);
            if (head < said.Version) return (said, head);
        }

        return null;
    }

    private async Task ActAsync(DurableTaskClient client, Finding finding, CancellationToken cancellation)
    {
        var invocation = new Invocation($"watch:{finding.Run}", new EventContext(finding.Transaction, $"{finding.Transaction}:watch:{finding.Run}", Actor: "watchdog"));
        var before = (await events.LoadAsync<WatchedTransaction>(finding.Transaction, likelyNew: false, cancellation)).Version;
        await audit.DoAsync<WatchedTransaction>(finding.Transaction, invocation, state => state.Decide(finding), creates: false, cancellation);
        var now = await events.LoadAsync<WatchedTransaction>(finding.Transaction, likelyNew: false, cancellation);
        if (now.State.Run != finding.Run) return;
        if (now.State.Restarts)
        {
            // Recorded and perhaps not done, if a watch before this one was cut off; or done, and the answer of the engine is from before.
            if (await client.GetInstanceAsync(finding.Transaction, cancellation) is not { RuntimeStatus: OrchestrationRuntimeStatus.Failed } failed || RunOf(failed) != finding.Run)
                return;
            await client.RestartAsync(finding.Transaction, restartWithNewInstanceId: false, cancellation);
            Logs.TransactionRepaired(logger, finding.Transaction, now.State.Attempts, finding.Reason);
        }
        else if (now.Version != before)
        {
            Logs.TransactionRaised(logger, finding.Transaction, now.State.Reason!);
        }
    }

    private static string RunOf(OrchestrationMetadata instance) => instance.LastUpdatedAt.UtcTicks.ToString(CultureInfo.InvariantCulture);
}

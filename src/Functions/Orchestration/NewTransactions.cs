using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Orchestration;

/// <summary>Orchestrations of transactions that the engine does not know.</summary>
internal static class NewTransactions
{
    private static readonly OrchestrationRuntimeStatus[] AnyStatus = Enum.GetValues<OrchestrationRuntimeStatus>();

    private static readonly OrchestrationRuntimeStatus[] AllButFailed = [.. AnyStatus.Except([OrchestrationRuntimeStatus.Failed])];

    /// <summary>Has a transaction run. Of two with one id at once the engine takes one, even when that has ended before the other comes.</summary>
    public static Task ScheduleTransactionAsync(
        this DurableTaskClient client, string id, TransactionStart start, CancellationToken cancellation) =>
        client.ScheduleAsync(id, start, AnyStatus, cancellation);

    /// <summary>Has a transaction whose orchestration failed run again, with more than it was started with.</summary>
    public static Task ReplaceTransactionAsync(
        this DurableTaskClient client, string id, TransactionStart start, CancellationToken cancellation) =>
        client.ScheduleAsync(id, start, AllButFailed, cancellation);

    private static Task<string> ScheduleAsync(
        this DurableTaskClient client, string id, TransactionStart start, OrchestrationRuntimeStatus[] guarded, CancellationToken cancellation) =>
        client.ScheduleNewOrchestrationInstanceAsync(
            nameof(TransactionOrchestrator.RunTransaction), start, new StartOrchestrationOptions(id).WithDedupeStatuses(guarded), cancellation);
}

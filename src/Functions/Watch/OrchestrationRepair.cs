using System.Globalization;
using Atomic.Functions.Choreography;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Transactions;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Watch;

/// <summary>Makes transactions go on that an orchestrator runs.</summary>
public sealed class OrchestrationRepair(
    TransactionCatalog catalog, FactPublisher facts, TransactionRepairs repairs, TimeProvider time)
{
    /// <summary>Tells one run of an instance from the next.</summary>
    public static string RunOf(OrchestrationMetadata instance) => instance.LastUpdatedAt.UtcTicks.ToString(CultureInfo.InvariantCulture);

    /// <param name="instance">As it was found; null when the engine does not know it.</param>
    /// <param name="transaction">As the tracker knows it.</param>
    public async Task ActAsync(
        DurableTaskClient client, Finding finding, OrchestrationMetadata? instance, TransactionHeader? transaction, CancellationToken cancellation)
    {
        // The answer of the engine is from a moment ago: what has been begun again since is left alone.
        if (finding.Repair == Repair.Restart
            && (await client.GetInstanceAsync(finding.Transaction, cancellation) is not { RuntimeStatus: OrchestrationRuntimeStatus.Failed } failed || RunOf(failed) != finding.Run))
        {
            return;
        }

        await repairs.ActAsync(finding, _ => finding.Repair switch
        {
            // What its steps did they find done, at their barriers, and answer as they did then.
            Repair.Restart => client.ReplaceTransactionAsync(finding.Transaction, instance!.ReadInputAs<TransactionStart>()!.Again(), cancellation),
            Repair.Begin => client.ScheduleTransactionAsync(finding.Transaction, TransactionStart.Of(transaction!).Again(), cancellation),
            _ => TellAsync(instance!, cancellation),
        }, cancellation);
    }

    private Task TellAsync(OrchestrationMetadata instance, CancellationToken cancellation)
    {
        var start = instance.ReadInputAs<TransactionStart>()!;
        var definition = catalog.Pinned(start.Definition, start.Version).Definition;
        var status = instance.ReadCustomStatusAs<TransactionStatus>()
            ?? throw new InvalidOperationException($"Transaction {instance.InstanceId} has ended and has no status.");
        return facts.PublishAsync(TransactionRecord.Of(start.ToHeader(instance.InstanceId), definition, status, time.GetUtcNow()), cancellation);
    }
}

using System.Globalization;
using Atomic.Functions.Choreography;
using Atomic.Functions.Control;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Transactions;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Watch;

/// <summary>Makes transactions go on that an orchestrator runs.</summary>
public sealed class OrchestrationRepair(
    TransactionCatalog catalog, FactPublisher facts, AwaitedAnswers answers, Corrections corrections, TransactionRepairs repairs, TimeProvider time)
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
            Repair.Restart => RestartAsync(client, instance!, cancellation),
            Repair.Begin => BeginAsync(client, transaction!, cancellation),
            _ => TellAsync(instance!, cancellation),
        }, cancellation);
    }

    private async Task RestartAsync(DurableTaskClient client, OrchestrationMetadata instance, CancellationToken cancellation)
    {
        var (id, start) = (instance.InstanceId, await corrections.OfNextRunAsync(instance.InstanceId, instance.ReadInputAs<TransactionStart>()!, cancellation));
        await client.ReplaceTransactionAsync(id, start, cancellation);
        await AnswerAsync(id, start, cancellation);
    }

    /// <summary>What its steps did they find done, at their barriers, and answer as they did then.</summary>
    private async Task BeginAsync(DurableTaskClient client, TransactionHeader transaction, CancellationToken cancellation)
    {
        var start = await corrections.OfNextRunAsync(transaction.Id, TransactionStart.Of(transaction), cancellation);
        await client.ScheduleTransactionAsync(transaction.Id, start, cancellation);
        await AnswerAsync(transaction.Id, start, cancellation);
    }

    /// <summary>What people have decided for the run before, they need not decide again: nobody else would tell the new one.</summary>
    private async Task AnswerAsync(string id, TransactionStart start, CancellationToken cancellation)
    {
        var definition = catalog.Pinned(start.Definition, start.Version).Definition;
        if (definition.Steps.All(step => step.DecisionLimit is null)) return;
        foreach (var given in (await answers.GivenAsync(id, cancellation)).Values)
            await answers.SendAsync(id, definition, definition[given.Step], header: null, given, cancellation);
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

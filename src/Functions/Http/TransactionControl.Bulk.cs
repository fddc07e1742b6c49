using Atomic.EventSourcing;
using Atomic.Functions.Control;
using Atomic.Functions.Orchestration;
using Atomic.Transactions;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Http;

/// <summary>The answer to a bulk retry.</summary>
/// <param name="Steps">The parked steps that were, or would be, tried again.</param>
/// <param name="Continuation">Where the next request goes on; null when these were all.</param>
public sealed record BulkRetried(bool DryRun, IReadOnlyList<ParkedView> Steps, string? Continuation);

public sealed record ParkedView(string Id, string Definition, string Coordination, string Step, string? Reason);

public sealed partial class TransactionControl
{
    // A continuation says which of the two sources it goes on in.
    private const string Engine = "engine:";
    private const string Notes = "notes:";

    /// <summary>Tries again what is parked and matches, a page at a time.</summary>
    /// <exception cref="ContinuationException">The continuation is none that this gave.</exception>
    public async Task<BulkRetried> RetryAllAsync(DurableTaskClient client, BulkRetry bulk, CancellationToken cancellation)
    {
        var (steps, continuation) = bulk.Continuation switch
        {
            null when bulk.Filter.Coordination == Coupling.Events => await ParkedUncoordinatedAsync(bulk, null, cancellation),
            null => await ParkedOrchestratedAsync(client, bulk, null, cancellation),
            var known when known.StartsWith(Engine, StringComparison.Ordinal) => await ParkedOrchestratedAsync(client, bulk, known[Engine.Length..], cancellation),
            var known when known.StartsWith(Notes, StringComparison.Ordinal) =>
                await ParkedUncoordinatedAsync(bulk, known == Notes ? null : known[Notes.Length..], cancellation),
            _ => throw new ContinuationException(),
        };
        if (!bulk.DryRun)
        {
            foreach (var step in steps) await SendAsync(new RetryStep(step.Id, step.Step, bulk.By, bulk.Why, null), step.Id, cancellation);
        }

        return new BulkRetried(bulk.DryRun, steps, continuation);
    }

    private async Task<(IReadOnlyList<ParkedView> Steps, string? Continuation)> ParkedOrchestratedAsync(
        DurableTaskClient client, BulkRetry bulk, string? continuation, CancellationToken cancellation)
    {
        var filter = bulk.Filter;
        var query = new OrchestrationQuery(
            filter.From, filter.To, [OrchestrationRuntimeStatus.Running], PageSize: bulk.PageSize, FetchInputsAndOutputs: true);
        var (instances, next) = await orchestrated.ReadAsync(client, query, continuation, cancellation);
        var steps = from instance in instances
                    let view = reader.Of(instance).View
                    from step in view.Steps
                    where step.State == StepState.Parked
                    let parked = new ParkedView(view.Id, view.Definition, view.Coordination, step.Name, step.Reason)
                    where Matches(filter, parked)
                    select parked;
        return ([.. steps], next is null ? AfterEngine(filter) : Engine + next);
    }

    private async Task<(IReadOnlyList<ParkedView> Steps, string? Continuation)> ParkedUncoordinatedAsync(
        BulkRetry bulk, string? continuation, CancellationToken cancellation)
    {
        var filter = bulk.Filter;
        var page = await memory.ListParkedAsync(filter.Definition, bulk.PageSize, continuation, cancellation);
        var steps = from parked in page.Items
                    let transaction = parked.Order.Transaction
                    let began = transaction.StartedAt ?? parked.Since
                    where (filter.From is null || began >= filter.From) && (filter.To is null || began <= filter.To)
                    let view = new ParkedView(transaction.Id, transaction.Definition, transaction.Coordination, parked.Order.Step, parked.Reason)
                    where Matches(filter, view)
                    select view;
        return ([.. steps], page.Continuation is { } next ? Notes + next : null);
    }

    private static string? AfterEngine(ParkedFilter filter) => filter.Coordination is null ? Notes : null;

    private static bool Matches(ParkedFilter filter, ParkedView parked) =>
        (filter.Definition is null || filter.Definition == parked.Definition)
        && (filter.Coordination is null || filter.Coordination == parked.Coordination)
        && (filter.Step is null || filter.Step == parked.Step);
}

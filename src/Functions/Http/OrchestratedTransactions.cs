using Atomic.EventSourcing;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Http;

/// <summary>
/// What the engine runs, a page at a time: of its instances those that are transactions. Where a list goes on is the engine's to say and no
/// caller's, so it is signed.
/// </summary>
public sealed class OrchestratedTransactions(IContinuations continuations)
{
    private const string Scope = "orchestrated transactions";

    /// <exception cref="ContinuationException">The continuation is none that this gave.</exception>
    public async Task<(IReadOnlyList<OrchestrationMetadata> Instances, string? Continuation)> ReadAsync(
        DurableTaskClient client, OrchestrationQuery query, string? continuation, CancellationToken cancellation)
    {
        var from = continuation is null ? null : await continuations.OpenAsync(continuation, Scope, cancellation);
        var pages = client.GetAllInstancesAsync(query with { ContinuationToken = from }).AsPages(from, query.PageSize);
        await foreach (var page in pages.WithCancellation(cancellation))
        {
            var next = page.ContinuationToken is { } token ? await continuations.SealAsync(token, Scope, cancellation) : null;
            return ([.. page.Values.Where(TransactionReader.IsTransaction)], next);
        }

        return ([], null);
    }
}

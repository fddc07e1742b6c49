using System.Runtime.CompilerServices;
using Atomic.EventSourcing;

namespace Atomic.Functions.Tracking;

/// <summary>The marks of the transactions that have not ended: a thousand to a request, those of this month and of the one before.</summary>
public sealed class OpenTransactions(IReadModelStore rows, ProgressKeeper progress, TimeProvider time)
{
    private const int Page = 1000;

    public async IAsyncEnumerable<OpenTransaction> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var month = TrackedKeys.MonthOf(time.GetUtcNow());
        foreach (var folder in new[] { month, TrackedKeys.MonthBefore(month) })
        {
            string? continuation = null;
            do
            {
                var page = await rows.ListFolderAsync<OpenTransaction>(TrackedKeys.Table, TrackedKeys.Open(folder), Page, continuation, cancellation);
                foreach (var row in page.Items) yield return row.Data;
                continuation = page.Continuation;
            }
            while (continuation is not null);
        }
    }

    /// <summary>All that is known of it; null when nothing is.</summary>
    public Task<TransactionProgress?> FindAsync(OpenTransaction open, CancellationToken cancellation) => progress.FindAsync(open.Id, open.StartedAt, cancellation);
}

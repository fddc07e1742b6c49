using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Atomic.EventSourcing;

namespace Atomic.Functions.Tracking;

/// <summary>
/// The marks of the transactions that have not ended, a thousand to a request, however long ago they began: what is parked waits for years.
/// </summary>
public sealed class OpenTransactions(IReadModelStore rows, ProgressKeeper progress, TimeProvider time)
{
    private const int Page = 1000;
    private const int Months = 60;

    /// <summary>Nothing begins in a month that is over, but for what is told late: none of those that had no mark is asked for sooner.</summary>
    private static readonly TimeSpan StaysEmpty = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _empty = [];

    public async IAsyncEnumerable<OpenTransaction> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var recent = TrackedKeys.MonthBefore(TrackedKeys.MonthOf(now));
        foreach (var month in MonthsUntil(now))
        {
            if (_empty.TryGetValue(month, out var since) && now - since < StaysEmpty) continue;
            var any = false;
            await foreach (var mark in OfMonthAsync(month, cancellation))
            {
                any = true;
                yield return mark;
            }

            if (!any && string.CompareOrdinal(month, recent) < 0) _empty[month] = now;
        }
    }

    /// <summary>All that is known of it; null when nothing is.</summary>
    public Task<TransactionProgress?> FindAsync(OpenTransaction open, CancellationToken cancellation) => progress.FindAsync(open.Id, open.StartedAt, cancellation);

    private static List<string> MonthsUntil(DateTimeOffset now)
    {
        var months = new List<string> { TrackedKeys.MonthOf(now) };
        while (months.Count < Months) months.Add(TrackedKeys.MonthBefore(months[^1]));
        return [.. months, TrackedKeys.MonthOfUnknown];
    }

    private async IAsyncEnumerable<OpenTransaction> OfMonthAsync(string month, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? continuation = null;
        do
        {
            var page = await rows.ListFolderAsync<OpenTransaction>(TrackedKeys.Table, TrackedKeys.Open(month), Page, continuation, cancellation);
            foreach (var row in page.Items) yield return row.Data;
            continuation = page.Continuation;
        }
        while (continuation is not null);
    }
}

using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Transactions;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Tracking;

/// <summary>What a list of transactions is narrowed to; null does not narrow.</summary>
/// <param name="Key">An id of the business, exactly.</param>
/// <param name="Text">A part of the ids, the definition's name or a reason, in any case.</param>
public sealed record TransactionFilter(
    TransactionState? State = null, string? Definition = null, string? Coordination = null, DateTimeOffset? From = null, DateTimeOffset? To = null,
    string? Key = null, string? Text = null)
{
    /// <summary>What the store can tell. Of one that an orchestrator runs the tracker hears at its start, its end and when it is parked.</summary>
    public IReadOnlyDictionary<string, string> Columns
    {
        get
        {
            var columns = new Dictionary<string, string>();
            if (State is TransactionState.Completed or TransactionState.Compensated) columns["State"] = $"{State}";
            else if (State is not null) columns["Open"] = "yes";
            if (Definition is not null) columns["Definition"] = Definition;
            if (Coordination is not null) columns["Coordination"] = Coordination;
            return columns;
        }
    }

    public bool Matches(TransactionView view, IEnumerable<string> keys) =>
        (State is null || view.State == State)
        && (Definition is null || view.Definition == Definition)
        && (Coordination is null || view.Coordination == Coordination)
        && (From is null || view.StartedAt >= From)
        && (To is null || view.StartedAt <= To)
        && (Text is null || keys.Append(view.Id).Append(view.Definition).Append(view.Reason).Concat(view.Steps.Select(step => step.Reason))
            .Any(text => text?.Contains(Text, StringComparison.OrdinalIgnoreCase) == true));
}

/// <summary>Lists and finds transactions of all couplings, newest first, in the tracker's rows; what still runs is shown as its engine knows it.</summary>
public sealed class TransactionSearch(
    IReadModelStore rows, ProgressKeeper progress, TransactionReader reader, TransactionCatalog catalog, TimeProvider time)
{
    /// <summary>How many months back a list goes that is not told from when on.</summary>
    public const int Months = 13;

    // A page ends early, with fewer than asked for and a continuation, rather than go through everything for one caller.
    private const int RequestsPerPage = 20;
    private const char Separator = ':';

    /// <exception cref="ContinuationException">The continuation is none that this gave for such a list.</exception>
    public async Task<Page<TransactionView>> ListAsync(
        DurableTaskClient client, TransactionFilter filter, int pageSize, string? continuation, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (newest, oldest) = (TrackedKeys.MonthOf(filter.To ?? now.AddDays(1)), TrackedKeys.MonthOf(filter.From ?? now.AddMonths(-Months)));
        var (month, next) = continuation is null ? (newest, null) : Read(continuation);
        if (string.CompareOrdinal(month, newest) > 0) throw new ContinuationException();
        var found = new List<TransactionView>();
        for (var request = 0; request < RequestsPerPage && found.Count < pageSize && string.CompareOrdinal(month, oldest) >= 0; request++)
        {
            var page = await PageAsync(filter, month, pageSize - found.Count, next, cancellation);
            foreach (var known in page.Items) found.AddRange(await ShownAsync(client, filter, known, cancellation));
            next = page.Continuation;
            if (next is null) month = TrackedKeys.MonthBefore(month);
        }

        return new Page<TransactionView>(found, string.CompareOrdinal(month, oldest) < 0 ? null : $"{month}{Separator}{next}");
    }

    private async Task<Page<TransactionProgress>> PageAsync(
        TransactionFilter filter, string month, int pageSize, string? continuation, CancellationToken cancellation)
    {
        if (filter.Key is not { } key)
        {
            var slice = TrackedKeys.Slice(month, filter.From, filter.To, filter.Columns);
            var page = await rows.ListFolderAsync<TransactionProgress>(TrackedKeys.Table, slice, pageSize, continuation, cancellation);
            return new Page<TransactionProgress>([.. page.Items.Select(row => row.Data)], page.Continuation);
        }

        var keyed = await rows.ListFolderAsync<KeyedTransaction>(TrackedKeys.Table, TrackedKeys.OfBusinessKey(month, key), pageSize, continuation, cancellation);
        var known = await Task.WhenAll(keyed.Items.Select(row => progress.FindAsync(row.Data.Id, row.Data.StartedAt, cancellation)));
        return new Page<TransactionProgress>([.. known.OfType<TransactionProgress>()], keyed.Continuation);
    }

    /// <summary>The transaction if it matches.</summary>
    private async Task<IEnumerable<TransactionView>> ShownAsync(
        DurableTaskClient client, TransactionFilter filter, TransactionProgress known, CancellationToken cancellation)
    {
        var type = catalog.Pinned(known.Transaction.Definition, known.Transaction.Version);
        var view = await reader.ShowAsync(client, known, cancellation);
        return filter.Matches(view, type.Keys(type.Restore(known.Transaction.Input))) ? [view] : [];
    }

    private static (string Month, string? Next) Read(string continuation)
    {
        var parts = continuation.Split(Separator, 2);
        if (parts is not [{ Length: 7 } month, var next] || month[4] != '-' || !month.Remove(4, 1).All(char.IsAsciiDigit) || month[5..] is "00")
            throw new ContinuationException();
        return (month, next.Length == 0 ? null : next);
    }
}

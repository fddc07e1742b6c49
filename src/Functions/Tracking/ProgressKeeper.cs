using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Definitions;
using Atomic.Functions.Operations;
using Atomic.TableStorage.Requests;
using Atomic.Transactions;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Tracking;

/// <summary>Keeps a row a transaction of all couplings. It commands nothing, and no participant asks it.</summary>
public sealed class ProgressKeeper(IReadModelStore rows, TransactionCatalog catalog, ILogger<ProgressKeeper> logger)
{
    private const int Attempts = 16;

    private static readonly IReadOnlyDictionary<string, long> NoStreams = new Dictionary<string, long>();
    private static readonly IReadOnlyDictionary<string, string> NoColumns = new Dictionary<string, string>();

    private readonly RowTurns _turns = new();

    /// <param name="fresh">What this process wrote last is not enough.</param>
    public async Task<TransactionProgress?> FindAsync(TransactionHeader transaction, bool fresh, CancellationToken cancellation)
    {
        var key = TrackedKeys.Of(transaction.Id, TrackedKeys.StartOf(transaction));
        return (await rows.FindAsync<TransactionProgress>(TrackedKeys.Table, key, fresh, cancellation))?.Data;
    }

    public async Task<TransactionProgress?> FindAsync(string id, DateTimeOffset startedAt, CancellationToken cancellation) =>
        (await rows.FindAsync<TransactionProgress>(TrackedKeys.Table, TrackedKeys.Of(id, startedAt), fresh: true, cancellation))?.Data;

    /// <exception cref="ContendedRowException">Others kept changing the row; the fact was not taken in.</exception>
    public Task HearAsync(TransactionFact heard, CancellationToken cancellation) =>
        ChangeAsync(heard.Transaction, progress => progress.With(heard, catalog), heard.Fact.Kind == FactKind.Started, null, cancellation);

    /// <exception cref="ContendedRowException">Others kept changing the row; the record was not taken in.</exception>
    public Task HearAsync(TransactionRecord record, CancellationToken cancellation) =>
        ChangeAsync(record.Transaction, progress => progress.With(record), begins: false, null, cancellation);

    /// <summary>A step has been told what it waited for: from now on it can be late.</summary>
    /// <exception cref="ContendedRowException">Others kept changing the row.</exception>
    public Task AnsweredAsync(TransactionHeader transaction, string step, DateTimeOffset at, CancellationToken cancellation) => ChangeAsync(
        transaction,
        now => now.Answered?.ContainsKey(step) == true
            ? now
            : now with { Answered = new Dictionary<string, DateTimeOffset>(now.Answered ?? new Dictionary<string, DateTimeOffset>()) { [step] = at } },
        begins: false, null, cancellation);

    /// <summary>What a look at an open transaction has shown: what is late, and when to look again.</summary>
    /// <exception cref="ContendedRowException">Others kept changing the row.</exception>
    public Task LookedAtAsync(TransactionProgress seen, OverdueStep? overdue, DateTimeOffset lookAgain, CancellationToken cancellation) =>
        ChangeAsync(
            seen.Transaction, now => now.Facts.Count == seen.Facts.Count ? now with { Overdue = overdue } : now, begins: false, lookAgain,
            cancellation);

    private async Task ChangeAsync(
        TransactionHeader transaction, Func<TransactionProgress, TransactionProgress> change, bool begins, DateTimeOffset? lookAgain,
        CancellationToken cancellation)
    {
        var (id, startedAt) = (transaction.Id, TrackedKeys.StartOf(transaction));
        var key = TrackedKeys.Of(id, startedAt);
        using var turn = await _turns.TakeAsync(key);
        using var requests = RequestCount.Begin();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            // What begins is not asked for: if it is there after all, the write is refused.
            var row = attempt == 0 && begins
                ? null
                : await rows.FindAsync<TransactionProgress>(TrackedKeys.Table, key, fresh: attempt > 0, cancellation);
            var before = row?.Data ?? new TransactionProgress(transaction, []);
            var after = change(before);
            if (ReferenceEquals(before, after)) return;
            // The write of it is yet to come.
            after = after with { Tracked = before.Tracked + (int)requests.Total + 1 };
            var (hadEnded, run) = (row is not null && HasEnded(before), after.Replay(catalog));
            var state = after.Status?.State ?? run.State;
            var ends = state is TransactionState.Completed or TransactionState.Compensated;
            var written = new RowWrite(key, after, NoStreams, ColumnsOf(after, state, ends), null, row?.Tag);
            var open = new OpenTransaction(id, startedAt, lookAgain ?? DueOf(run, after), transaction.Coordination);
            if (await rows.WriteTogetherAsync(TrackedKeys.Table, [written, .. Marks(open, row is not null && !hadEnded, ends), .. row is null ? Keys(after, startedAt) : []], cancellation) is not null) continue;
            if (ends && !hadEnded && transaction.Coordination == Orchestration.Coupling.Events) Logs.TransactionEnded(logger, id, $"{state}");
            Measure(row is null, before, after, ends && !hadEnded ? state : null);
            return;
        }

        throw new ContendedRowException(TrackedKeys.Table, key);
    }

    private static void Measure(bool begins, TransactionProgress before, TransactionProgress after, TransactionState? ended)
    {
        var (definition, coordination) = (after.Transaction.Definition, after.Transaction.Coordination);
        if (begins) Measures.Started(definition, coordination);
        foreach (var parked in after.Facts.Skip(before.Facts.Count).Where(known => known.Fact.Kind == FactKind.Parked))
            Measures.Parked(definition, coordination, parked.Fact.Step);
        if (ended is not null) Measures.Ended(definition, coordination, $"{ended}", after.LastAt - after.StartedAt);
    }

    /// <summary>There is a mark exactly while there is a row that has not ended.</summary>
    private static IEnumerable<RowWrite> Marks(OpenTransaction open, bool isMarked, bool ends)
    {
        var mark = new RowWrite(TrackedKeys.OpenOf(open.Id, open.StartedAt), open, NoStreams, NoColumns, null, null);
        if (!ends) yield return mark with { Kind = WriteKind.Put };
        else if (isMarked) yield return mark with { Kind = WriteKind.Delete };
    }

    /// <summary>Whatever is there: it says the same.</summary>
    private IEnumerable<RowWrite> Keys(TransactionProgress progress, DateTimeOffset startedAt)
    {
        var (id, type) = (progress.Transaction.Id, catalog.Pinned(progress.Transaction.Definition, progress.Transaction.Version));
        return type.Keys(type.Restore(progress.Transaction.Input)).Distinct().Select(key => new RowWrite(
            TrackedKeys.OfBusinessKey(key, id, startedAt), new KeyedTransaction(id, startedAt), NoStreams, NoColumns, null, null)
        { Kind = WriteKind.Put });
    }

    private bool HasEnded(TransactionProgress progress) =>
        (progress.Status?.State ?? progress.Replay(catalog).State) is TransactionState.Completed or TransactionState.Compensated;

    private static DateTimeOffset? DueOf(TransactionRun run, TransactionProgress progress) => progress.Status switch
    {
        null => progress.Expected(Expectation.Of(run, PatienceOf(progress)), PatienceOf(progress)).Select(Due).Min(),
        // What is parked may go on at any time, unheard: what else is awaited does not tell when something is late.
        { State: TransactionState.NeedsAttention } => null,
        var status => progress.Expected(Expectation.Of(run.Definition, status, PatienceOf(progress)), PatienceOf(progress)).Select(Due).Min(),
    };

    private static TimeSpan? PatienceOf(TransactionProgress progress) => Orchestration.Coupling.PatienceOf(progress.Transaction.Coordination);

    private static DateTimeOffset? Due(Expectation expected) => new DateTimeOffset(expected.Due, TimeSpan.Zero);

    private static Dictionary<string, string> ColumnsOf(TransactionProgress progress, TransactionState state, bool ends) => new()
    {
        ["State"] = $"{state}",
        ["Open"] = ends ? "no" : "yes",
        ["Definition"] = progress.Transaction.Definition,
        ["Coordination"] = progress.Transaction.Coordination,
        ["Overdue"] = progress.Overdue is null ? "no" : "yes",
    };
}

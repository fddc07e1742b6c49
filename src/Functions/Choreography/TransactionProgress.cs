using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Transactions;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Choreography;

/// <summary>The facts of one transaction that nobody coordinates, as they were heard by who watches.</summary>
public sealed record TransactionProgress(TransactionHeader Transaction, IReadOnlyList<TrackedFact> Facts)
{
    /// <summary>When the first fact was stated; the beginning of time while none has been heard.</summary>
    public DateTimeOffset StartedAt => Facts.Select(fact => fact.At).DefaultIfEmpty().Min();

    public DateTimeOffset LastAt => Facts.Select(fact => fact.At).DefaultIfEmpty().Max();

    public TransactionProgress With(TransactionFact heard) => Facts.Any(known => known.Fact == heard.Fact)
        ? this
        : this with { Facts = [.. Facts, new TrackedFact(heard.At, heard.Fact, heard.Tokens)] };

    /// <summary>The run as these facts tell it.</summary>
    public TransactionRun Replay(TransactionCatalog catalog)
    {
        var type = catalog.Pinned(Transaction.Definition, Transaction.Version);
        var run = new TransactionRun(type.Definition.For(type.Restore(Transaction.Input)), StartedAt.UtcDateTime);
        foreach (var heard in Facts.OrderBy(fact => fact.At)) run.Hear(heard.Fact, heard.At.UtcDateTime, heard.Tokens);
        return run;
    }
}

public sealed record TrackedFact(DateTimeOffset At, Fact Fact, IReadOnlyList<string> Tokens);

/// <summary>Keeps a row a transaction. It commands nothing, and no participant asks it.</summary>
public sealed class ProgressKeeper(IReadModelStore rows, TransactionCatalog catalog, ILogger<ProgressKeeper> logger)
{
    private const string Table = "transactionProgressV1";
    private const int Attempts = 16;

    public async Task<TransactionProgress?> FindAsync(string transaction, CancellationToken cancellation) =>
        (await rows.FindAsync<TransactionProgress>(Table, transaction, fresh: true, cancellation))?.Data;

    /// <exception cref="ContendedRowException">Others kept changing the row; the fact was not taken in.</exception>
    public async Task HearAsync(TransactionFact heard, CancellationToken cancellation)
    {
        var key = heard.Transaction.Id;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var row = await rows.FindAsync<TransactionProgress>(Table, key, fresh: attempt > 0, cancellation);
            var before = row?.Data ?? new TransactionProgress(heard.Transaction, []);
            var after = before.With(heard);
            if (ReferenceEquals(before, after)) return;
            var run = after.Replay(catalog);
            var columns = new Dictionary<string, string>
            {
                ["State"] = $"{run.State}",
                ["Definition"] = heard.Transaction.Definition,
            };
            var written = new Row<TransactionProgress>(key, after, row?.Applied ?? new Dictionary<string, long>(), row?.Tag);
            if (!await rows.WriteAsync(Table, written, columns, cancellation)) continue;
            if (run.HasEnded && !before.Replay(catalog).HasEnded) Logs.TransactionEnded(logger, key, $"{run.State}");
            return;
        }

        throw new ContendedRowException(Table, key);
    }
}

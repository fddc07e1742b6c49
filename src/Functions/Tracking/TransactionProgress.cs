using Atomic.Functions.Choreography;
using Atomic.Functions.Definitions;
using Atomic.Transactions;
using Atomic.Transactions.Costs;

namespace Atomic.Functions.Tracking;

/// <summary>One transaction as far as who watches has heard of it: its facts where nobody coordinates, else its coordinator's records.</summary>
public sealed record TransactionProgress(TransactionHeader Transaction, IReadOnlyList<TrackedFact> Facts)
{
    /// <summary>All that its coordinator knew when it last told; null where nobody coordinates, and until then.</summary>
    public TransactionStatus? Status { get; init; }

    /// <summary>What its facts have used, where nobody coordinates; null while none has told.</summary>
    public Usage? Used { get; init; }

    /// <summary>How many requests it took to keep this.</summary>
    public int Tracked { get; init; }

    /// <summary>The fact that should have come and did not; null while none is late.</summary>
    public OverdueStep? Overdue { get; init; }

    /// <summary>When it was asked for, or else when the first fact was stated; the beginning of time while none has been heard.</summary>
    public DateTimeOffset StartedAt => Transaction.StartedAt ?? Facts.Select(fact => fact.At).DefaultIfEmpty().Min();

    public DateTimeOffset LastAt => Facts.Select(fact => fact.At).DefaultIfEmpty().Max();

    public TransactionProgress With(TransactionFact heard) => Status is not null || Facts.Any(known => known.Fact == heard.Fact)
        ? this
        : this with { Facts = [.. Facts, new TrackedFact(heard.At, heard.Fact, heard.Tokens)], Overdue = null, Used = (Used ?? Usage.None) + (heard.Used ?? Usage.None) };

    /// <summary>A later record holds all that an earlier one does; one of the end counts, however little it has of the way there.</summary>
    public TransactionProgress With(TransactionRecord record)
    {
        // A coordinator does not state its start: it knows of it.
        var start = new TrackedFact(record.StartedAt, new Fact(FactKind.Started, ""), []);
        var facts = record.Facts.Select(known => new TrackedFact(known.At, known.Fact, known.Tokens ?? [])).Prepend(start).ToList();
        var isOlder = Status is { } known && facts.Count < Facts.Count && (known.HasEnded || !record.Status.HasEnded);
        return isOlder ? this : this with { Facts = facts, Status = record.Status, Overdue = null };
    }

    /// <summary>All that is known to be used for it.</summary>
    /// <param name="status">How its run stands.</param>
    public Usage UsedBy(TransactionStatus status) =>
        ((Status is null ? Used : Status.Used) ?? Usage.None) + new Usage(Requests: Tracked, Activities: status.Activities);

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

/// <summary>A step of which something was owed and nothing was heard within its limit.</summary>
/// <param name="Since">Since when it was owed.</param>
/// <param name="Due">When its limit passed.</param>
public sealed record OverdueStep(string Step, Owed Owed, DateTimeOffset Since, DateTimeOffset Due, string Reason);

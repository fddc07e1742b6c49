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

    /// <summary>When a step was told what it waited for, by step; null while none was.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset>? Answered { get; init; }

    /// <summary>When it was asked for, or else when the first fact was stated; the beginning of time while none has been heard.</summary>
    public DateTimeOffset StartedAt => Transaction.StartedAt ?? Facts.Select(fact => fact.At).DefaultIfEmpty().Min();

    public DateTimeOffset LastAt => Facts.Select(fact => fact.At).DefaultIfEmpty().Max();

    public TransactionProgress With(TransactionFact heard, TransactionCatalog catalog)
    {
        if (Status is not null || IsOver(heard, catalog)) return this;
        var used = (Used ?? Usage.None) + (heard.Used ?? Usage.None);
        if (Facts.FirstOrDefault(fact => fact.Fact == heard.Fact) is not { } known)
            return this with { Facts = [.. Facts, new TrackedFact(heard.At, heard.Fact, heard.Tokens, heard.Attempts)], Overdue = null, Used = used };
        // Parked again for the same reason: all that is new is what one try more has taken.
        return known.Attempts >= heard.Attempts
            ? this
            : this with { Facts = [.. Facts.Select(fact => ReferenceEquals(fact, known) ? known with { Attempts = heard.Attempts } : fact)], Used = used };
    }

    /// <summary>
    /// Whether it tells of no effect, and was stated when all was over: by a limit that passed, whose step was refused for good measure. What
    /// was stated before the end and comes late is none of these.
    /// </summary>
    private bool IsOver(TransactionFact heard, TransactionCatalog catalog) =>
        heard.Fact.Kind is FactKind.Failed or FactKind.Undone or FactKind.Parked && heard.At > LastAt && Facts.Count > 0 && Replay(catalog).HasEnded;

    /// <summary>A later record holds all that an earlier one does; one of the end counts, however little it has of the way there.</summary>
    public TransactionProgress With(TransactionRecord record)
    {
        // A coordinator does not state its start: it knows of it.
        var start = new TrackedFact(record.StartedAt, new Fact(FactKind.Started, ""), []);
        var facts = record.Facts.Select(known => new TrackedFact(known.At, known.Fact, known.Tokens ?? [])).Prepend(start).ToList();
        var isOlder = Status is { } known && facts.Count < Facts.Count && (known.HasEnded || !record.Status.HasEnded);
        return isOlder ? this : this with { Facts = facts, Status = record.Status, Overdue = null };
    }

    /// <summary>What is expected of its steps. One that waited for an answer, and has been given it, has no more time than any other.</summary>
    public IEnumerable<Expectation> Expected(IEnumerable<Expectation> awaited, TimeSpan? patience) => awaited.Select(each =>
        each is { Owed: Owed.Do, Step.DecisionLimit: not null } && Answered?.TryGetValue(each.Step.Name, out var at) == true
            ? each.Answered(at.UtcDateTime, patience)
            : each);

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
        foreach (var step in Facts.GroupBy(fact => fact.Fact.Step)) run.Tried(step.Key, AttemptsOf(step, ofUndo: false) + AttemptsOf(step, ofUndo: true));
        return run;
    }

    // Each fact counts the tries from the beginning of its do, or of its undo.
    private static int AttemptsOf(IEnumerable<TrackedFact> facts, bool ofUndo) =>
        facts.Where(known => (known.Fact.Kind == FactKind.Undone || known.Fact is { Kind: FactKind.Parked, Act: Act.Undo }) == ofUndo)
            .Select(known => known.Attempts).DefaultIfEmpty().Max();
}

/// <param name="Attempts">How many tries it took.</param>
public sealed record TrackedFact(DateTimeOffset At, Fact Fact, IReadOnlyList<string> Tokens, int Attempts = 0);

/// <summary>A step of which something was owed and nothing was heard within its limit.</summary>
/// <param name="Since">Since when it was owed.</param>
/// <param name="Due">When its limit passed.</param>
public sealed record OverdueStep(string Step, Owed Owed, DateTimeOffset Since, DateTimeOffset Due, string Reason);

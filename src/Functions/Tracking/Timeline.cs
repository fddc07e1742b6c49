using Atomic.Transactions;

namespace Atomic.Functions.Tracking;

/// <summary>What happened in a transaction, each entry behind what caused it, and what is still expected.</summary>
public sealed record Timeline(
    string Id, string Definition, int Version, string Coordination, TransactionState State, string? Reason,
    IReadOnlyList<TimelineEntry> Entries, IReadOnlyList<ExpectedFact> Expected, OverdueStep? Overdue);

/// <summary>What an entry is of.</summary>
public enum TimelineKind
{
    /// <summary>What was stated about a step, or the whole.</summary>
    Fact,

    /// <summary>What a participant was asked for.</summary>
    Command,

    /// <summary>What is recorded in a stream.</summary>
    Event,

    /// <summary>What a person asked for.</summary>
    Order,
}

/// <summary>One thing that happened.</summary>
/// <param name="At">Of a command: when it became owed, for its sending is not recorded.</param>
/// <param name="What">The kind of the fact, or the type of the command or event.</param>
/// <param name="Causes">Ids of entries.</param>
public sealed record TimelineEntry(string Id, TimelineKind Kind, DateTimeOffset At, string What, string? Step, IReadOnlyList<string> Causes)
{
    public string? Participant { get; init; }

    /// <summary>Where it is recorded: a stream with a version.</summary>
    public string? Place { get; init; }

    public string? Reason { get; init; }

    /// <summary>Who asked.</summary>
    public string? By { get; init; }

    public string? TraceParent { get; init; }
}

/// <summary>A fact that has not come yet.</summary>
/// <param name="After">The steps that it waits for; empty when it is owed now.</param>
/// <param name="Since">Since when it is owed; null when it is not yet.</param>
/// <param name="Due">When it is late.</param>
public sealed record ExpectedFact(
    string Step, string Participant, Owed Owed, string? Command, IReadOnlyList<string> After, DateTimeOffset? Since, DateTimeOffset? Due);

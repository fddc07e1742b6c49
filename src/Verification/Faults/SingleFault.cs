using Atomic.Transactions;
using Atomic.Verification.Simulation;

namespace Atomic.Verification.Faults;

/// <summary>The kinds of what can go wrong.</summary>
public enum FaultClass
{
    None,
    Refused,
    FailsBefore,
    FailsAfter,
    ReplyLost,
    LateEffect,
    DeliveredTwice,
    OutOfOrder,
    UndoFails,
    Crash,
    Cancel,
    Deadline,
}

/// <summary>One thing that goes wrong in one run, and how the run may end then.</summary>
/// <param name="Name">By which it can be repeated.</param>
/// <param name="Ends">The states in which the transaction may come to rest.</param>
public sealed record SingleFault(FaultClass Class, string Name, params IReadOnlyList<TransactionState> Ends)
{
    /// <summary>What is struck, where the name alone does not tell.</summary>
    public string? Where { get; init; }

    /// <summary>The step to which the business says no.</summary>
    internal string? Refused { get; init; }

    /// <summary>How long that takes: until all that does not wait for it is done.</summary>
    internal TimeSpan RefusedAfter { get; init; }

    /// <summary>What happens to the calls of participants; told a clock, and what to do when it strikes.</summary>
    internal Func<TimeProvider, Action, Around>? Around { get; init; }

    internal Func<IFaults>? Calls { get; init; }

    /// <summary>After how many events someone cancels.</summary>
    internal int? CancelAt { get; init; }

    /// <summary>After how many events everything stands still until the deadline has passed.</summary>
    internal int? DeadlineAt { get; init; }
}

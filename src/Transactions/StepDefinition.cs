namespace Atomic.Transactions;

/// <summary>Where a step stands relative to the pivot.</summary>
public enum StepKind
{
    /// <summary>Before the pivot: undone when the transaction fails.</summary>
    Compensatable,

    /// <summary>The point of no return: may be refused, is never undone.</summary>
    Pivot,

    /// <summary>After the pivot: retried until it succeeds, never undone.</summary>
    ForwardOnly,
}

/// <summary>How often and after what waits an unknown outcome is tried again.</summary>
/// <param name="Attempts">Tries in all, at least 1.</param>
/// <param name="First">The wait before the second try; each further one is twice as long.</param>
/// <param name="Longest">No wait is longer.</param>
public sealed record Retry(int Attempts, TimeSpan First, TimeSpan Longest)
{
    public static Retry Default { get; } = new(5, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));

    /// <summary>The wait after the failed try number <paramref name="attempt"/> (the first is 1), without jitter.</summary>
    public TimeSpan After(int attempt) =>
        TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks * (1L << Math.Min(attempt - 1, 30))));

    /// <summary>The longest that all waits together can take.</summary>
    public TimeSpan Total => TimeSpan.FromTicks(Enumerable.Range(1, Math.Max(0, Attempts - 1)).Sum(attempt => After(attempt).Ticks));
}

/// <summary>One row of a definition's table: a command to a participant, beside the act that compensates it.</summary>
/// <param name="Name">Unique in its definition.</param>
/// <param name="Participant">The service that carries it out.</param>
/// <param name="Command">The command's name.</param>
/// <param name="Compensation">The compensating command's name; null when there is nothing to undo, and for the pivot and after it.</param>
/// <param name="After">The steps that must have succeeded before this one; empty for a first step.</param>
/// <param name="Retry">For its do and, apart, for its undo.</param>
/// <param name="NothingToUndo">Said of a compensatable step that leaves nothing behind.</param>
/// <param name="CanBeRefused">Whether the business may say no to it.</param>
/// <param name="MakeCommand">The command, from the transaction's input.</param>
/// <param name="MakeCompensation">The compensating command, from the transaction's input.</param>
public sealed record StepDefinition(
    string Name,
    string Participant,
    string Command,
    string? Compensation,
    IReadOnlyList<string> After,
    Retry Retry,
    bool NothingToUndo,
    bool CanBeRefused,
    Func<object, object> MakeCommand,
    Func<object, object>? MakeCompensation);

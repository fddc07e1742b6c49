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

/// <summary>One row of a definition's table: a command to a participant, beside the act that compensates it.</summary>
/// <param name="Name">Unique in its definition: lower-case letters, digits, <c>-</c> and, for the steps of a nested transaction, <c>.</c></param>
/// <param name="Participant">The service that carries it out.</param>
/// <param name="Command">The command's name.</param>
/// <param name="Compensation">The compensating command's name; null when there is nothing to undo, and for the pivot and after it.</param>
/// <param name="After">The steps that must have succeeded before this one; empty for a first step.</param>
/// <param name="MakeCommand">The command, from the transaction's input.</param>
/// <param name="MakeCompensation">The compensating command, from the transaction's input.</param>
public sealed record StepDefinition(
    string Name,
    string Participant,
    string Command,
    string? Compensation,
    IReadOnlyList<string> After,
    Func<object, object> MakeCommand,
    Func<object, object>? MakeCompensation = null)
{
    /// <summary>The name of the implicit pivot, and of the participant that records it where there is no orchestrator.</summary>
    public const string Commit = "commit";

    /// <summary>The participant of the implicit pivot.</summary>
    public const string CommitParticipant = "transactions";

    /// <summary>For its do and, apart, for its undo.</summary>
    public Retry Retry { get; init; } = Retry.Default;

    /// <summary>Said of a compensatable step that leaves nothing behind.</summary>
    public bool NothingToUndo { get; init; }

    /// <summary>Whether the business may say no to it.</summary>
    public bool CanBeRefused { get; init; } = true;

    /// <summary>Whether the step is there at all, from the transaction's input; null when it always is.</summary>
    public Func<object, bool>? When { get; init; }

    /// <summary>For a step that a person carries out: how long the transaction waits for the decision.</summary>
    public TimeSpan? DecisionLimit { get; init; }

    /// <summary>What is wrong with a command that came from outside, by field.</summary>
    public Func<object, IEnumerable<(string Field, string Problem)>> Problems { get; init; } = _ => [];

    /// <summary>A refusal or a spent policy does not revert the transaction: it waits for a person, who retries the step or cancels.</summary>
    public bool IsHeld { get; init; }

    /// <summary>How many streams its command writes to, an event each, where the input does not matter or is not known.</summary>
    public int Streams { get; init; } = 1;

    /// <summary>How many streams its command writes to, where that depends on the transaction's input.</summary>
    public Func<object, int>? StreamsByInput { get; init; }

    /// <summary>On how many streams a refusal is recorded.</summary>
    public int RefusalStreams { get; init; } = 1;

    /// <summary>Its effect is outside the participant's own storage: <c>started</c> is written before it.</summary>
    public bool ReachesProvider { get; init; }

    /// <summary>Whether it is the implicit pivot, which has no effect but its own record.</summary>
    public bool IsCommit => Name == Commit && Participant == CommitParticipant;

    /// <param name="input">The transaction's; null when it is not known.</param>
    public int StreamsOf(object? input) => input is null || StreamsByInput is null ? Streams : StreamsByInput(input);

    internal static StepDefinition CommitAfter(IReadOnlyList<string> leaves) =>
        new(Commit, CommitParticipant, nameof(CommitTransaction), null, leaves, _ => new CommitTransaction());
}

/// <summary>The command of the implicit pivot: from here on the transaction is not reverted.</summary>
public sealed record CommitTransaction;

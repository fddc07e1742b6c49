namespace Atomic.Transactions;

/// <summary>How a transaction stands. Only <see cref="Completed"/> and <see cref="Compensated"/> are ends.</summary>
public enum TransactionState
{
    Running,
    Compensating,
    Completed,
    Compensated,
    NeedsAttention,
}

/// <summary>How a step stands.</summary>
public enum StepState
{
    Waiting,
    Running,
    Succeeded,
    Refused,
    Undoing,
    Undone,

    /// <summary>Never done, and never will be.</summary>
    Skipped,

    /// <summary>Its policy is spent: a person must look at it.</summary>
    Parked,
}

/// <summary>A step's state with its times.</summary>
/// <param name="Attempts">Tries of its do and its undo together.</param>
public sealed record StepStatus(
    string Name, StepState State, string Participant, int Attempts, DateTime? StartedAt, DateTime? EndedAt, string? Reason);

/// <summary>A transaction as it is shown; what an orchestrator keeps as its custom status.</summary>
/// <param name="Activities">How many activities it has used.</param>
/// <param name="Tokens">Where the streams stand that it wrote to.</param>
public sealed record TransactionStatus(
    TransactionState State, string? Reason, IReadOnlyList<StepStatus> Steps, int Activities, IReadOnlyList<string> Tokens);

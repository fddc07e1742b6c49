namespace Atomic.Transactions;

/// <summary>What a participant is asked to do about a step.</summary>
public enum Act
{
    Do,
    Undo,

    /// <summary>
    /// To refuse the step unless it is done: an undo at the barrier that compensates nothing. It is the one question that settles an
    /// unknown outcome, and the one by which a cancel or a deadline meets the pivot.
    /// </summary>
    Refuse,

    /// <summary>A person says that it is done: the record alone, no effect.</summary>
    DeclareDone,

    /// <summary>A person says that it is undone: the record alone, no effect.</summary>
    DeclareUndone,
}

public static class Acts
{
    /// <summary>Whether the act goes to the compensating command; else to the step's own.</summary>
    public static bool IsCompensation(this Act act, StepDefinition step) =>
        act is Act.Undo or Act.DeclareUndone && step.Compensation is not null;

    /// <summary>The command that carries <paramref name="act"/>, and its name.</summary>
    public static (string Name, object Command) CommandOf(this StepDefinition step, Act act, object input) =>
        act.IsCompensation(step) ? (step.Compensation!, step.MakeCompensation!(input)) : (step.Command, step.MakeCommand(input));
}

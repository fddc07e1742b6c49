namespace Atomic.Transactions;

/// <summary>What a participant knows of a step: its record, which is the barrier.</summary>
public enum StepRecord
{
    None,
    Done,
    Refused,
    Undone,
}

/// <summary>What is owed to a step now.</summary>
public enum Owed
{
    Wait,
    Do,
    Undo,
    Tombstone,
}

/// <summary>The facts known about one transaction: immutable events, each about one step.</summary>
public sealed class Facts
{
    private readonly HashSet<string> _succeeded = [];
    private readonly HashSet<string> _failed = [];
    private readonly HashSet<string> _undone = [];

    public bool AnyFailed => _failed.Count > 0;

    public bool Succeeded(string step) => _succeeded.Contains(step);

    public bool Failed(string step) => _failed.Contains(step);

    public bool Undone(string step) => _undone.Contains(step);

    public void AddSucceeded(string step) => _succeeded.Add(step);

    public void AddFailed(string step) => _failed.Add(step);

    public void AddUndone(string step) => _undone.Add(step);
}

/// <summary>The one rule behind every transaction, whoever asks: an orchestrator for each of its steps, or a participant for its own.</summary>
public static class Rule
{
    public static Owed Decide(Definition definition, string step, StepRecord record, Facts facts)
    {
        if (record == StepRecord.None && !facts.AnyFailed)
            return definition[step].After.All(facts.Succeeded) ? Owed.Do : Owed.Wait;
        if (!facts.AnyFailed || definition.KindOf(step) == StepKind.ForwardOnly) return Owed.Wait;
        if (record == StepRecord.None) return Owed.Tombstone;

        var undoable = record == StepRecord.Done && definition.KindOf(step) == StepKind.Compensatable;
        return undoable && definition.SuccessorsOf(step).Where(IsCompensatable).All(next => facts.Undone(next.Name) || facts.Failed(next.Name))
            ? Owed.Undo
            : Owed.Wait;

        bool IsCompensatable(StepDefinition next) => definition.KindOf(next.Name) == StepKind.Compensatable;
    }
}

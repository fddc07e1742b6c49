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

    /// <summary>A record that it is undone, so that a late do has no effect.</summary>
    Tombstone,
}

/// <summary>The one rule behind every transaction, whoever asks: an orchestrator for each of its steps, or a participant for its own.</summary>
public static class Rule
{
    public static Owed Decide(Definition definition, string step, StepRecord record, Facts facts)
    {
        if (!facts.AnyFailed)
            return record == StepRecord.None && definition[step].After.All(facts.Succeeded) ? Owed.Do : Owed.Wait;
        if (definition.KindOf(step) == StepKind.ForwardOnly || NeverDone(definition, step, facts)) return Owed.Wait;
        if (record == StepRecord.None) return Owed.Tombstone;

        var undoable = record == StepRecord.Done && definition.KindOf(step) == StepKind.Compensatable;
        return undoable && definition.SuccessorsOf(step).Where(IsCompensatable).All(next => HasNoEffect(definition, next.Name, facts))
            ? Owed.Undo
            : Owed.Wait;

        bool IsCompensatable(StepDefinition next) => definition.KindOf(next.Name) == StepKind.Compensatable;
    }

    /// <summary>Whether it is certain that the step has no effect, and that none will come.</summary>
    public static bool HasNoEffect(Definition definition, string step, Facts facts) =>
        facts.Undone(step) || facts.Failed(step) || NeverDone(definition, step, facts);

    /// <summary>A step behind a failed one cannot be done: the success that it waits for will not come. So nobody need say so.</summary>
    public static bool NeverDone(Definition definition, string step, Facts facts) =>
        facts.FailedSteps.Any(failed => definition.IsAfter(step, failed));
}

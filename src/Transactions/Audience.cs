namespace Atomic.Transactions;

/// <summary>Whom a fact concerns: what its publisher addresses, and what a participant looks at. Follows from the definition alone.</summary>
public static class Audience
{
    public static IEnumerable<StepDefinition> ConcernedBy(this Definition definition, FactKind kind, string step) => kind switch
    {
        FactKind.Started => definition.Steps.Where(other => other.After.Count == 0),
        FactKind.Succeeded => definition.SuccessorsOf(step),
        FactKind.Undone => definition.Steps.Where(other =>
            definition[step].After.Contains(other.Name) && definition.KindOf(other.Name) == StepKind.Compensatable),
        FactKind.Failed => definition.Steps.Where(other => IsConcernedByFailure(definition, other.Name, step)),
        _ => [],
    };

    /// <summary>
    /// Whether the step waits for several facts of that direction, and must remember those it has heard. Any other needs the last alone:
    /// what came before it is in the barrier's record.
    /// </summary>
    public static bool MustRemember(this Definition definition, string step, FactKind kind) =>
        kind is FactKind.Started or FactKind.Succeeded
            ? definition[step].After.Count > 1
            : definition.SuccessorsOf(step).Count(next => definition.KindOf(next.Name) == StepKind.Compensatable) > 1;

    /// <summary>
    /// Who is behind a failed step is never done, and needs to do nothing. Who is before it has succeeded, and waits to be told by its
    /// own successors, unless one of them is the failed step or is behind it. A pivot may be refused while anything is under way, so
    /// everyone hears of it.
    /// </summary>
    private static bool IsConcernedByFailure(Definition definition, string step, string failed)
    {
        if (step == failed || definition.IsAfter(step, failed)) return false;
        if (definition.KindOf(step) != StepKind.Compensatable) return false;
        return failed == definition.Pivot
            || !definition.IsAfter(failed, step)
            || definition.SuccessorsOf(step).Any(next => next.Name == failed || definition.IsAfter(next.Name, failed));
    }
}

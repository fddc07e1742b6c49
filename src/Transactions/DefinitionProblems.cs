namespace Atomic.Transactions;

/// <summary>What can be wrong with a definition's table; all of it is reported together.</summary>
internal static class DefinitionProblems
{
    /// <summary>An orchestration shows every step in its custom status, which holds 16 KiB.</summary>
    private const int MostSteps = 100;

    private const int LongestName = 60;

    public static IEnumerable<string> Of(
        string name, int version, IReadOnlyList<StepDefinition> steps, string? pivot, TimeSpan? deadline)
    {
        if (string.IsNullOrWhiteSpace(name)) yield return "It has no name.";
        if (version < 1) yield return $"Its version is {version}, and versions begin at 1.";
        if (steps.Count is 0 or > MostSteps) yield return $"It has {steps.Count} steps, and needs 1 to {MostSteps}.";
        foreach (var repeated in steps.GroupBy(step => step.Name).Where(group => group.Count() > 1))
            yield return $"Step '{repeated.Key}' is there {repeated.Count()} times.";

        var cyclic = false;
        foreach (var step in steps)
        {
            foreach (var problem in OfStep(step)) yield return problem;
            foreach (var unknown in step.After.Where(after => steps.All(other => other.Name != after)))
                yield return $"Step '{step.Name}' comes after '{unknown}', which is no step.";
            if (!Graph.AncestorsOf(step.Name, steps).Contains(step.Name)) continue;
            cyclic = true;
            yield return $"Step '{step.Name}' is on a cycle.";
        }

        if (pivot is null && steps.Any(step => step.Name == StepDefinition.Commit))
            yield return $"Step '{StepDefinition.Commit}' has the name of the implicit pivot; declare it as the pivot, or call it otherwise.";
        if (pivot is not null && steps.All(step => step.Name != pivot))
        {
            yield return $"The pivot '{pivot}' is no step.";
            yield break;
        }

        foreach (var problem in steps.SelectMany(step => OfKind(step, steps, pivot))) yield return problem;
        if (deadline is not null && !cyclic)
            foreach (var problem in OfDeadline(deadline.Value, steps, pivot)) yield return problem;
    }

    private static IEnumerable<string> OfStep(StepDefinition step)
    {
        if (step.Name.Length is 0 or > LongestName || !step.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.'))
            yield return $"Step '{step.Name}' must be called by 1 to {LongestName} lower-case letters, digits and hyphens.";
        var retry = step.Retry;
        if (retry.Attempts < 1) yield return $"Step '{step.Name}' has {retry.Attempts} attempts, and needs at least one.";
        if (retry.First < TimeSpan.Zero || retry.Longest < TimeSpan.Zero) yield return $"Step '{step.Name}' waits a negative time between its attempts.";
        if (retry.Limit <= TimeSpan.Zero) yield return $"Step '{step.Name}' has a time limit of {retry.Limit}, and needs a positive one.";
        if (step.DecisionLimit <= TimeSpan.Zero) yield return $"Step '{step.Name}' waits {step.DecisionLimit} for a person, and needs a positive time.";
    }

    private static IEnumerable<string> OfKind(StepDefinition step, IReadOnlyList<StepDefinition> steps, string? pivot)
    {
        var kind = Graph.KindOf(step.Name, steps, pivot);
        if (kind == StepKind.Compensatable && pivot is not null && !Graph.AncestorsOf(pivot, steps).Contains(step.Name))
            yield return $"Step '{step.Name}' is neither before nor after the pivot '{pivot}'.";
        if (kind == StepKind.Compensatable && step.Compensation is null && !step.NothingToUndo)
            yield return $"Step '{step.Name}' is before the pivot and has no compensation.";
        if (kind == StepKind.Compensatable && step.Compensation is not null && step.NothingToUndo)
            yield return $"Step '{step.Name}' has nothing to undo and has the compensation '{step.Compensation}'.";
        if (kind != StepKind.Compensatable && step.Compensation is not null)
            yield return $"Step '{step.Name}' is never undone and has the compensation '{step.Compensation}'.";
        if (kind == StepKind.ForwardOnly && step.CanBeRefused)
            yield return $"Step '{step.Name}' is after the pivot and can be refused.";
        if (kind == StepKind.Pivot && step.When is not null)
            yield return $"Step '{step.Name}' is the pivot and conditional; without it there would be no way to tell when it is too late.";
        if (kind == StepKind.Pivot && step.IsHeld)
            yield return $"Step '{step.Name}' is the pivot and held; only a step before it can wait for a person.";
    }

    private static IEnumerable<string> OfDeadline(TimeSpan deadline, IReadOnlyList<StepDefinition> steps, string? pivot)
    {
        var last = pivot is null ? Graph.LeavesOf(steps) : [pivot];
        var longest = Graph.LongestTo(last, steps, one => one.DecisionLimit ?? one.Retry.Total);
        if (deadline < longest)
            yield return $"The deadline of {deadline} is shorter than the {longest} that the retries before the pivot can take.";
    }
}

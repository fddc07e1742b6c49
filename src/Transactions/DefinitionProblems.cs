namespace Atomic.Transactions;

/// <summary>What can be wrong with a definition's table; all of it is reported together.</summary>
internal static class DefinitionProblems
{
    public static IEnumerable<string> Of(
        string name, int version, IReadOnlyList<StepDefinition> steps, string? pivot, TimeSpan? deadline)
    {
        if (string.IsNullOrWhiteSpace(name)) yield return "It has no name.";
        if (version < 1) yield return $"Its version is {version}, and versions begin at 1.";
        if (steps.Count == 0) yield return "It has no steps.";
        foreach (var repeated in steps.GroupBy(step => step.Name).Where(group => group.Count() > 1))
            yield return $"Step '{repeated.Key}' is there {repeated.Count()} times.";

        foreach (var step in steps)
        {
            foreach (var unknown in step.After.Where(after => steps.All(other => other.Name != after)))
                yield return $"Step '{step.Name}' comes after '{unknown}', which is no step.";
            if (Graph.AncestorsOf(step.Name, steps).Contains(step.Name)) yield return $"Step '{step.Name}' is on a cycle.";
            if (step.Retry.Attempts < 1) yield return $"Step '{step.Name}' has {step.Retry.Attempts} attempts, and needs at least one.";
        }

        if (pivot is not null && steps.All(step => step.Name != pivot))
        {
            yield return $"The pivot '{pivot}' is no step.";
            yield break;
        }

        foreach (var problem in steps.SelectMany(step => OfKind(step, steps, pivot))) yield return problem;

        var retries = TimeSpan.FromTicks(steps
            .Where(step => Graph.KindOf(step.Name, steps, pivot) != StepKind.ForwardOnly).Sum(step => step.Retry.Total.Ticks));
        if (deadline < retries)
            yield return $"The deadline of {deadline} is shorter than the {retries} that the retries before the pivot can take.";
    }

    private static IEnumerable<string> OfKind(StepDefinition step, IReadOnlyList<StepDefinition> steps, string? pivot)
    {
        var kind = Graph.KindOf(step.Name, steps, pivot);
        if (kind == StepKind.Compensatable && pivot is not null && !Graph.AncestorsOf(pivot, steps).Contains(step.Name))
            yield return $"Step '{step.Name}' is neither before nor after the pivot '{pivot}'.";
        if (kind == StepKind.Compensatable && step.Compensation is null && !step.NothingToUndo)
            yield return $"Step '{step.Name}' is before the pivot and has no compensation.";
        if (kind != StepKind.Compensatable && step.Compensation is not null)
            yield return $"Step '{step.Name}' is never undone and has the compensation '{step.Compensation}'.";
        if (kind == StepKind.ForwardOnly && step.CanBeRefused)
            yield return $"Step '{step.Name}' is after the pivot and can be refused.";
    }
}

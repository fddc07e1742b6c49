namespace Atomic.Transactions;

/// <summary>Questions about the graph of a definition's steps, asked while it is checked and built.</summary>
internal static class Graph
{
    public static StepKind KindOf(string step, IReadOnlyList<StepDefinition> steps, string? pivot)
    {
        if (pivot is null) return StepKind.Compensatable;
        if (step == pivot) return StepKind.Pivot;
        return AncestorsOf(step, steps).Contains(pivot) ? StepKind.ForwardOnly : StepKind.Compensatable;
    }

    /// <summary>Every step that must have succeeded before <paramref name="step"/>, near or far; itself only when it is on a cycle.</summary>
    public static IReadOnlySet<string> AncestorsOf(string step, IReadOnlyList<StepDefinition> steps)
    {
        var found = new HashSet<string>();
        var open = new Queue<string>(After(step));
        while (open.TryDequeue(out var next))
        {
            if (!found.Add(next)) continue;
            foreach (var earlier in After(next)) open.Enqueue(earlier);
        }

        return found;

        IEnumerable<string> After(string name) => steps.Where(other => other.Name == name).SelectMany(other => other.After);
    }

    public static IReadOnlyList<string> LeavesOf(IReadOnlyList<StepDefinition> steps) =>
        [.. steps.Select(step => step.Name).Where(name => steps.All(other => !other.After.Contains(name)))];

    /// <summary>The most that any chain of steps up to and with one of <paramref name="last"/> adds up to. The graph has no cycle.</summary>
    public static TimeSpan LongestTo(IReadOnlyCollection<string> last, IReadOnlyList<StepDefinition> steps, Func<StepDefinition, TimeSpan> length)
    {
        var lengths = new Dictionary<string, TimeSpan>();
        return steps.Where(step => last.Contains(step.Name)).Select(To).DefaultIfEmpty(TimeSpan.Zero).Max();

        TimeSpan To(StepDefinition one)
        {
            if (lengths.TryGetValue(one.Name, out var known)) return known;
            var before = steps.Where(other => one.After.Contains(other.Name)).Select(To).DefaultIfEmpty(TimeSpan.Zero).Max();
            return lengths[one.Name] = before + length(one);
        }
    }

    /// <summary>The steps without those in <paramref name="gone"/>; their neighbours are joined.</summary>
    public static IReadOnlyList<StepDefinition> Without(IReadOnlySet<string> gone, IReadOnlyList<StepDefinition> steps)
    {
        var byName = steps.ToDictionary(step => step.Name);
        return [.. steps.Where(step => !gone.Contains(step.Name)).Select(step => step with { After = [.. Standing(step).Distinct()] })];

        IEnumerable<string> Standing(StepDefinition step) =>
            step.After.SelectMany(before => gone.Contains(before) ? Standing(byName[before]) : [before]);
    }
}

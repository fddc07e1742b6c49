namespace Atomic.Transactions;

/// <summary>Questions about the graph of a definition's steps.</summary>
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
}

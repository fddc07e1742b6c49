using Atomic.Transactions;

namespace Atomic.Unit.Transactions;

/// <summary>Every graph of some steps, with every pivot that is legal for it, the implicit one included.</summary>
internal static class Graphs
{
    public static IEnumerable<Definition> Of(params int[] counts)
    {
        foreach (var count in counts)
        {
            var names = Enumerable.Range(0, count).Select(i => $"s{i}").ToArray();
            var edges = (from to in names from @from in names where string.CompareOrdinal(@from, to) < 0 select (@from, to)).ToList();
            for (var mask = 0; mask < 1 << edges.Count; mask++)
            {
                var chosen = edges.Where((_, i) => (mask & (1 << i)) != 0).ToList();
                foreach (var pivot in names.Append(null))
                {
                    if (TryBuild(names, chosen, pivot) is { } definition) yield return definition;
                }
            }
        }
    }

    private static Definition? TryBuild(string[] names, List<(string From, string To)> edges, string? pivot)
    {
        StepDefinition Step(string name, bool undoable, bool refusable) => new(
            name, "here", "Do", undoable ? "Undo" : null, [.. edges.Where(edge => edge.To == name).Select(edge => edge.From)],
            input => input, undoable ? input => input : null)
        {
            CanBeRefused = refusable,
        };

        bool After(string name, string other) => edges.Exists(edge => edge.To == name && (edge.From == other || After(edge.From, other)));

        var steps = names.Select(name => Step(name, pivot is null || (name != pivot && !After(name, pivot)), pivot is null || !After(name, pivot)));
        try
        {
            return Definition.Build("graph", 1, typeof(object), [.. steps], pivot);
        }
        catch (DefinitionException)
        {
            return null;
        }
    }
}

namespace Atomic.Transactions;

/// <summary>
/// Which facts had to be known before another could be. Clocks of different machines differ, so that times alone do not tell what came of
/// what; the definition does.
/// </summary>
public static class Causes
{
    /// <summary>The facts among <paramref name="known"/> that led to <paramref name="fact"/>, as the rule goes.</summary>
    public static IEnumerable<Fact> Of(Definition definition, Fact fact, IReadOnlyCollection<Fact> known) => fact.Kind switch
    {
        FactKind.Started => [],
        FactKind.Undone => OfUndo(definition, fact.Step, known),
        FactKind.Parked when fact.Act == Act.Undo => OfUndo(definition, fact.Step, known),
        _ => OfDo(definition, fact.Step, known).Concat(fact.Kind == FactKind.Parked ? [] : known.Where(other => IsParked(other, fact.Step) && other.Act != Act.Undo)),
    };

    /// <summary>What made the step's do owed.</summary>
    public static IEnumerable<Fact> OfDo(Definition definition, string step, IReadOnlyCollection<Fact> known)
    {
        var after = definition[step].After;
        return after.Count == 0
            ? known.Where(other => other.Kind == FactKind.Started)
            : known.Where(other => other.Kind == FactKind.Succeeded && after.Contains(other.Step));
    }

    /// <summary>What made the step's undo owed.</summary>
    public static IEnumerable<Fact> OfUndo(Definition definition, string step, IReadOnlyCollection<Fact> known)
    {
        var successors = definition.SuccessorsOf(step).Select(next => next.Name).ToHashSet();
        return known.Where(other => other.Kind switch
        {
            FactKind.Failed => other.Step != step,
            FactKind.Undone => successors.Contains(other.Step),
            FactKind.Succeeded => other.Step == step,
            FactKind.Parked => other.Step == step && other.Act == Act.Undo,
            _ => false,
        });
    }

    /// <summary>The items, each behind all that caused it, and else by time.</summary>
    /// <param name="causes">Of an item, the ids of others; those that are not there count as known.</param>
    public static IReadOnlyList<T> Order<T>(
        IEnumerable<T> items, Func<T, string> id, Func<T, DateTimeOffset> at, Func<T, IEnumerable<string>> causes)
    {
        var (left, ordered) = (items.OrderBy(at).ToList(), new List<T>());
        while (left.Count > 0)
        {
            var waiting = left.Select(id).ToHashSet();
            // Something always comes first: no fact causes itself. Were it otherwise, time decides.
            var next = left.FirstOrDefault(item => !causes(item).Any(waiting.Contains)) ?? left[0];
            left.Remove(next);
            ordered.Add(next);
        }

        return ordered;
    }

    private static bool IsParked(Fact fact, string step) => fact.Kind == FactKind.Parked && fact.Step == step;
}

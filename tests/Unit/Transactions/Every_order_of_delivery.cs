using Atomic.Transactions;
using Xunit;

namespace Atomic.Unit.Transactions;

/// <summary>Walks every order in which steps can be done, refused, lost and undone, for every graph of up to three steps and every legal pivot.</summary>
public sealed class Every_order_of_delivery
{
    private int _ends;

    [Fact]
    public void Ends_all_or_nothing_and_undoes_only_what_no_successor_still_builds_on()
    {
        var definitions = Graphs().ToList();
        foreach (var definition in definitions) Walk(definition, []);

        Assert.Equal(20, definitions.Count);
        Assert.True(_ends > 300, $"{_ends} ends");
    }

    /// <summary>A history is a list of (step, ending); a run is rebuilt from it, then every possible next ending is tried.</summary>
    private void Walk(Definition definition, IReadOnlyList<(string Step, Ending Ending)> history)
    {
        var (run, open) = Replay(definition, history);
        if (run.HasEnded)
        {
            _ends++;
            AssertAllOrNothing(definition, history, run);
            return;
        }

        Assert.True(open.Count > 0, $"Stuck: {string.Join(", ", history)}");
        foreach (var (step, owed) in open)
        {
            AssertUndoable(definition, history, step, owed);
            foreach (var ending in EndingsOf(definition, step, owed)) Walk(definition, [.. history, (step, ending)]);
        }
    }

    private static IEnumerable<Ending> EndingsOf(Definition definition, string step, Owed owed)
    {
        if (owed == Owed.Undo) return [Ending.Undone];
        return definition.KindOf(step) switch
        {
            StepKind.ForwardOnly => [Ending.Done],
            StepKind.Pivot => [Ending.Done, Ending.Refused],
            _ => [Ending.Done, Ending.Refused, Ending.LostAndUndone],
        };
    }

    private static (TransactionRun Run, Dictionary<string, Owed> Open) Replay(Definition definition, IReadOnlyList<(string Step, Ending Ending)> history)
    {
        var run = new TransactionRun(definition);
        var open = new Dictionary<string, Owed>();
        Take();
        foreach (var (step, ending) in history)
        {
            open.Remove(step);
            switch (ending)
            {
                case Ending.Done: run.Succeeded(step, [], default); break;
                case Ending.Refused: run.Refused(step, "no", [], default); break;
                case Ending.Undone: run.Undone(step, [], default); break;
                case Ending.LostAndUndone:
                    run.OutcomeUnknown(step, "lost");
                    run.Undone(step, [], default);
                    break;
            }

            Take();
        }

        return (run, open);

        void Take()
        {
            foreach (var (step, owed) in run.TakeOwed(default)) open.Add(step.Name, owed);
        }
    }

    private static void AssertAllOrNothing(Definition definition, IReadOnlyList<(string Step, Ending Ending)> history, TransactionRun run)
    {
        var standing = definition.Steps.Select(step => step.Name).Where(step => Stands(history, step)).ToList();
        Assert.Equal(run.State == TransactionState.Completed ? definition.Steps.Count : 0, standing.Count);
        Assert.DoesNotContain(history, entry => entry.Ending == Ending.Undone && definition.KindOf(entry.Step) != StepKind.Compensatable);
    }

    private static void AssertUndoable(Definition definition, IReadOnlyList<(string Step, Ending Ending)> history, string step, Owed owed)
    {
        if (owed == Owed.Undo) Assert.DoesNotContain(definition.SuccessorsOf(step), next => Stands(history, next.Name));
    }

    private static bool Stands(IReadOnlyList<(string Step, Ending Ending)> history, string step) =>
        history.Count(entry => entry == (step, Ending.Done)) > history.Count(entry => entry == (step, Ending.Undone));

    private static IEnumerable<Definition> Graphs()
    {
        foreach (var count in new[] { 2, 3 })
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
            Retry.Default, false, refusable, input => input, undoable ? input => input : null);

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

    private enum Ending
    {
        Done,
        Refused,
        LostAndUndone,
        Undone,
    }
}

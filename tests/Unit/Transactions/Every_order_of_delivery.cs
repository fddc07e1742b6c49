using Atomic.Transactions;
using Xunit;

namespace Atomic.Unit.Transactions;

/// <summary>
/// Walks every order in which a coordinator's steps can be done, refused, lost and undone, with a cancel at any moment, for every graph
/// of up to three steps and every legal pivot.
/// </summary>
public sealed class Every_order_of_delivery
{
    private int _ends;

    [Fact]
    public void Ends_all_or_nothing_and_undoes_only_what_no_successor_still_builds_on()
    {
        var definitions = Graphs.Of(2, 3).ToList();
        foreach (var definition in definitions) Walk(definition, []);

        Assert.Equal(20, definitions.Count);
        Assert.True(_ends > 3000, $"{_ends} ends");
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
        if (!history.Any(entry => entry.Ending == Ending.Cancelled)) Walk(definition, [.. history, (definition.Pivot, Ending.Cancelled)]);
        foreach (var (step, owed) in open)
        {
            AssertUndoable(definition, history, step, owed);
            foreach (var ending in EndingsOf(definition, step, owed)) Walk(definition, [.. history, (step, ending)]);
        }
    }

    private static IEnumerable<Ending> EndingsOf(Definition definition, string step, Owed owed)
    {
        if (owed == Owed.Undo) return [Ending.Undone];
        return definition.KindOf(step) == StepKind.ForwardOnly ? [Ending.Done] : [Ending.Done, Ending.Refused, Ending.Settled];
    }

    private static (TransactionRun Run, Dictionary<string, Owed> Open) Replay(Definition definition, IReadOnlyList<(string Step, Ending Ending)> history)
    {
        var run = new TransactionRun(definition, default);
        var open = new Dictionary<string, Owed>();
        Take();
        foreach (var (step, ending) in history)
        {
            if (ending != Ending.Cancelled) open.Remove(step);
            switch (ending)
            {
                case Ending.Done: run.Hear(new Fact(FactKind.Succeeded, step), default); break;
                case Ending.Refused: run.Hear(new Fact(FactKind.Failed, step, "no"), default); break;
                case Ending.Undone: run.Hear(new Fact(FactKind.Undone, step, Act: Act.Undo), default); break;
                case Ending.Cancelled: run.TryRefusePivot("cancelled", default); break;
                case Ending.Settled:
                    run.OutcomeUnknown(step, "lost");
                    run.Hear(new Fact(FactKind.Failed, step, "lost", Act.Refuse), default);
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
        var sent = definition.Steps.Where(step => !step.IsCommit).Select(step => step.Name).ToList();
        Assert.Equal(run.State == TransactionState.Completed ? sent.Count : 0, sent.Count(step => Stands(history, step)));
        Assert.DoesNotContain(history, entry => entry.Ending == Ending.Undone && definition.KindOf(entry.Step) != StepKind.Compensatable);
    }

    private static void AssertUndoable(Definition definition, IReadOnlyList<(string Step, Ending Ending)> history, string step, Owed owed)
    {
        if (owed == Owed.Undo) Assert.DoesNotContain(definition.SuccessorsOf(step), next => Stands(history, next.Name));
    }

    private static bool Stands(IReadOnlyList<(string Step, Ending Ending)> history, string step) =>
        history.Count(entry => entry == (step, Ending.Done)) > history.Count(entry => entry == (step, Ending.Undone));

    private enum Ending
    {
        Done,
        Refused,
        Settled,
        Undone,
        Cancelled,
    }
}

using Atomic.Transactions;
using Xunit;

namespace Atomic.Unit.Transactions;

/// <summary>
/// Walks every state that participants without a coordinator can come to: for each graph and pivot, with a cancel at any moment and
/// without, facts delayed, reordered, delivered again at any later time, receivers that die between record and fact, steps that are done,
/// refused or given up.
/// </summary>
public sealed class Every_order_of_facts
{
    private static readonly Ending[] DoEndings = [Ending.Answered, Ending.Refused, Ending.GivenUp];
    private static readonly Ending[] OtherEndings = [Ending.Answered];
    private static readonly bool[] Either = [false, true];
    private static readonly bool[] Never = [false];

    private readonly Dictionary<(int Step, ulong Known), Act?> _acts = [];
    private readonly HashSet<(UInt128, ulong)> _seen = [];
    private readonly Stack<World> _open = [];
    private Wiring _wiring = null!;
    private int _ends;
    private int _states;

    [Theory]
    [InlineData(true, false, 1, 2, 3)]
    [InlineData(false, true, 1, 2, 3)]
    [InlineData(true, true, 1, 2)]
    public void Ends_all_or_nothing_and_undoes_only_what_no_successor_still_builds_on(bool redelivers, bool withCrashes, params int[] steps)
    {
        foreach (var definition in Graphs.Of(steps))
        {
            foreach (var cancelled in new[] { false, true }) Walk(definition, cancelled, redelivers, withCrashes);
        }

        Assert.True(_ends > 100 && _states > 30_000, $"{_states} states, {_ends} ends");
    }

    private void Walk(Definition definition, bool cancelled, bool redelivers, bool withCrashes)
    {
        _wiring = new Wiring(definition);
        _acts.Clear();
        _seen.Clear();
        Visit(new World(_wiring, cancelled));
        while (_open.TryPop(out var world))
        {
            _states++;
            if (world.HasEnded) AssertAllOrNothing(world);
            for (var message = 0; message < world.Messages.Length; message++)
            {
                if (world.Messages[message] is Delivery.Sent or Delivery.Interrupted || (redelivers && world.Messages[message] == Delivery.Settled))
                    Deliver(world, message, withCrashes);
            }
        }
    }

    private void Visit(World world)
    {
        if (_seen.Add(world.Key)) _open.Push(world);
    }

    /// <summary>The message in every way in which it can end.</summary>
    private void Deliver(World before, int message, bool withCrashes)
    {
        var to = _wiring.Messages[message].To;
        var remembers = _wiring.Remembers[message];
        var heard = remembers ? before.Heard | (1UL << message) : before.Heard;
        var act = message == _wiring.Cancel ? Act.Refuse : ActOn(to, remembers ? heard & _wiring.To[to] : 1UL << message);
        var again = before.Messages[message] != Delivery.Sent;
        foreach (var ending in act == Act.Do && CanFail(to) ? DoEndings : OtherEndings)
        {
            foreach (var crash in withCrashes && act is not null ? Either : Never)
            {
                var after = before.Copy();
                after.Heard = heard;
                after.Messages[message] = crash ? Delivery.Interrupted : Delivery.Settled;
                var fact = act is null ? null : Carry(after, to, act.Value, ending, again, settling: message == _wiring.Cancel);
                if (fact is not null && !crash) after.Publish(fact.Kind, to);
                Visit(after);
            }
        }
    }

    /// <summary>The act at the barrier, and the fact that is stated; none when another message states it.</summary>
    private Fact? Carry(World world, int step, Act act, Ending ending, bool again, bool settling)
    {
        if (ending == Ending.GivenUp) (act, settling) = (Act.Refuse, true);
        var before = world.Records[step];
        var (after, accepted, tooLate) = act switch
        {
            Act.Do when before == StepRecord.None => ending == Ending.Refused ? (StepRecord.Refused, false, false) : (StepRecord.Done, true, false),
            Act.Refuse when before == StepRecord.None => (StepRecord.Undone, false, true),
            Act.Do or Act.Refuse => (before, before == StepRecord.Done, before == StepRecord.Undone),
            _ => (before == StepRecord.Refused ? before : StepRecord.Undone, true, false),
        };
        if (before == StepRecord.None && after == StepRecord.Done) AssertDoable(world, step);
        if (before == StepRecord.Done && after == StepRecord.Undone) AssertUndoable(world, step);
        world.Records[step] = after;
        if (before == after && !again) return null;
        return settling
            ? Participation.FactOfSettling(Name(step), accepted, tooLate, null, "given up")
            : Participation.FactOf(act, Name(step), accepted, tooLate, null);
    }

    private Act? ActOn(int step, ulong known)
    {
        if (_acts.TryGetValue((step, known), out var act)) return act;
        var facts = new Facts();
        for (var message = 0; message < _wiring.Messages.Count - 1; message++)
        {
            var (kind, about, _) = _wiring.Messages[message];
            if ((known & (1UL << message)) != 0) facts.Add(kind, Name(about));
        }

        return _acts[(step, known)] = Participation.ActOn(_wiring.Definition, Name(step), facts);
    }

    private bool CanFail(int step) => _wiring.Kinds[step] != StepKind.ForwardOnly;

    private string Name(int step) => _wiring.Definition.Steps[step].Name;

    private void AssertDoable(World world, int step) =>
        Assert.True(_wiring.Before[step].All(before => world.Records[before] == StepRecord.Done), "done before its predecessors");

    private void AssertUndoable(World world, int step)
    {
        Assert.True(_wiring.Kinds[step] == StepKind.Compensatable, "a pivot or a forward-only step was undone");
        Assert.True(_wiring.Behind[step].All(next => world.Records[next] != StepRecord.Done), "undone while a successor's effect stands");
    }

    private void AssertAllOrNothing(World world)
    {
        _ends++;
        var done = world.Records.Count(record => record == StepRecord.Done);
        if (done != 0 && done != world.Records.Length)
            Assert.Fail($"{string.Join(", ", world.Records)} in\n{_wiring.Definition.Describe()}");
    }

    private enum Ending
    {
        Answered,
        Refused,

        /// <summary>Its policy is spent: it is settled by the record.</summary>
        GivenUp,
    }
}

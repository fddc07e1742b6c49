using Atomic.Transactions;

namespace Atomic.Unit.Transactions;

/// <summary>How far one message has come. A redelivery of one that was settled is possible at any time.</summary>
internal enum Delivery
{
    Absent,
    Sent,

    /// <summary>Its receiver died between writing the record and publishing the fact: it comes again.</summary>
    Interrupted,
    Settled,
}

/// <summary>
/// A transaction without a coordinator, as a value: each participant's record and the facts it remembers, and every message with how far
/// it has come. Messages are (fact, about whom, to whom); the last one asks the pivot to refuse.
/// </summary>
internal sealed class World
{
    private readonly Wiring _wiring;

    public World(Wiring wiring, bool cancelled)
    {
        _wiring = wiring;
        Records = new StepRecord[wiring.Definition.Steps.Count];
        Messages = new Delivery[wiring.Messages.Count];
        Publish(FactKind.Started, 0);
        if (cancelled) Messages[^1] = Delivery.Sent;
    }

    private World(World other) =>
        (_wiring, Records, Messages, Heard) = (other._wiring, [.. other.Records], [.. other.Messages], other.Heard);

    public StepRecord[] Records { get; }

    public Delivery[] Messages { get; }

    /// <summary>Of the messages by number, those that a joining step has written down.</summary>
    public ulong Heard { get; set; }

    public bool HasEnded => Array.TrueForAll(Messages, message => message is Delivery.Absent or Delivery.Settled);

    public (UInt128, ulong) Key
    {
        get
        {
            UInt128 key = 0;
            foreach (var record in Records) key = (key << 2) | (UInt128)(uint)record;
            foreach (var message in Messages) key = (key << 2) | (UInt128)(uint)message;
            return (key, Heard);
        }
    }

    public World Copy() => new(this);

    public void Publish(FactKind kind, int step)
    {
        foreach (var message in _wiring.Of(kind, step))
        {
            if (Messages[message] == Delivery.Absent) Messages[message] = Delivery.Sent;
        }
    }
}

/// <summary>Who can send what to whom, by the definition. Steps go by their number.</summary>
internal sealed class Wiring
{
    private readonly Dictionary<(FactKind Kind, int About), int[]> _byFact;

    public Wiring(Definition definition)
    {
        Definition = definition;
        var steps = definition.Steps.Select(step => step.Name).ToList();
        var found = new List<(FactKind Kind, int About, int To)>();
        foreach (var kind in new[] { FactKind.Started, FactKind.Succeeded, FactKind.Failed, FactKind.Undone })
        {
            for (var about = 0; about < (kind == FactKind.Started ? 1 : steps.Count); about++)
                found.AddRange(definition.ConcernedBy(kind, steps[about]).Select(to => (kind, about, steps.IndexOf(to.Name))));
        }

        Cancel = found.Count;
        Remembers = [.. found.Select(message => definition.MustRemember(steps[message.To], message.Kind)), false];
        found.Add((FactKind.Parked, 0, steps.IndexOf(definition.Pivot)));
        Messages = found;
        To = [.. steps.Select((_, step) => found.Select((message, number) => message.To == step ? 1UL << number : 0UL).Aggregate((a, b) => a | b))];
        Kinds = [.. steps.Select(definition.KindOf)];
        Before = [.. definition.Steps.Select(step => step.After.Select(before => steps.IndexOf(before)).ToArray())];
        Behind = [.. steps.Select(step => definition.SuccessorsOf(step).Select(next => steps.IndexOf(next.Name)).ToArray())];
        _byFact = found.Select((message, number) => (message, number)).GroupBy(one => (one.message.Kind, one.message.About))
            .ToDictionary(group => group.Key, group => group.Select(one => one.number).ToArray());
    }

    public Definition Definition { get; }

    public IReadOnlyList<(FactKind Kind, int About, int To)> Messages { get; }

    /// <summary>The number of the one message that is no fact: it asks the pivot to refuse.</summary>
    public int Cancel { get; }

    /// <summary>Whether the receiver of a message writes it down.</summary>
    public bool[] Remembers { get; }

    /// <summary>The messages to each step, as bits.</summary>
    public ulong[] To { get; }

    public StepKind[] Kinds { get; }

    public int[][] Before { get; }

    public int[][] Behind { get; }

    public int[] Of(FactKind kind, int about) => _byFact.TryGetValue((kind, about), out var messages) ? messages : [];
}

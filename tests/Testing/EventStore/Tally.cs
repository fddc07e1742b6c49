using Atomic.EventSourcing;

namespace Atomic.Testing.EventStore;

public sealed record Counted(int By, string? Note = null) : IEvent;

public sealed record CountRefused(string Reason) : IRefusal;

/// <summary>The aggregate of the contract suites. Its notes make its state as large as one likes.</summary>
public sealed record Tally(int Sum, int Times, string Notes) : IAggregate<Tally>
{
    public static string Category => "contractTally";

    public static EventTypes Events { get; } = EventTypes.Of(typeof(Counted), typeof(CountRefused));

    public static Tally Initial { get; } = new(0, 0, "");

    public Tally Evolve(IEvent e) => e switch
    {
        Counted counted => new Tally(Sum + counted.By, Times + 1, Notes + counted.Note),
        _ => this,
    };
}

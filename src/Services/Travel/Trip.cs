using Atomic.EventSourcing;

namespace Atomic.Services.Travel;

public sealed record IssueTickets(TripId Trip, int Travellers);

public sealed record SendItinerary(TripId Trip);

public sealed record TicketsIssued(TripId Trip, int Travellers) : IEvent;

public sealed record TicketsRefused(TripId Trip, string Reason) : IRefusal;

public sealed record ItinerarySent(TripId Trip) : IEvent;

/// <summary>A trip: once its tickets are issued they are not taken back.</summary>
public sealed record Trip(int Tickets, bool IsAnnounced) : IAggregate<Trip>
{
    public static string Category => "travelTrip";

    public static EventTypes Events { get; } = EventTypes.Of(typeof(TicketsIssued), typeof(TicketsRefused), typeof(ItinerarySent));

    public static Trip Initial { get; } = new(0, false);

    public Trip Evolve(IEvent e) => e switch
    {
        TicketsIssued issued => this with { Tickets = issued.Travellers },
        ItinerarySent => this with { IsAnnounced = true },
        _ => this,
    };

    public IReadOnlyList<IEvent> Decide(IssueTickets command) => Tickets == 0
        ? [new TicketsIssued(command.Trip, command.Travellers)]
        : [new TicketsRefused(command.Trip, $"Trip {command.Trip} has its tickets already.")];

    public IReadOnlyList<IEvent> Decide(SendItinerary command) => IsAnnounced ? [] : [new ItinerarySent(command.Trip)];
}

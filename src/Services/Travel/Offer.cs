using Atomic.EventSourcing;

namespace Atomic.Services.Travel;

public sealed record OfferPlaces(OfferCode Code, int Places);

public sealed record BookFlight(TripId Trip, OfferCode Code, int Travellers);

public sealed record CancelFlight(TripId Trip, OfferCode Code, int Travellers);

public sealed record BookHotel(TripId Trip, OfferCode Code, int Rooms);

public sealed record CancelHotel(TripId Trip, OfferCode Code, int Rooms);

public sealed record HireCar(TripId Trip, OfferCode Code);

public sealed record ReturnCar(TripId Trip, OfferCode Code);

public sealed record PlacesOffered(OfferCode Code, int Places) : IEvent;

public sealed record PlacesBooked(TripId Trip, int Places) : IEvent;

public sealed record PlacesReleased(TripId Trip, int Places) : IEvent;

public sealed record BookingRefused(TripId Trip, int Places, string Reason) : IRefusal;

/// <summary>What can be booked: the seats of a flight, the rooms of a hotel, the cars of a station. Who holds them is in the barrier's records.</summary>
public sealed record Offer(OfferCode? Code, int Places, int Booked) : IAggregate<Offer>
{
    public static string Category => "travelOffer";

    public static EventTypes Events { get; } =
        EventTypes.Of(typeof(PlacesOffered), typeof(PlacesBooked), typeof(PlacesReleased), typeof(BookingRefused));

    public static Offer Initial { get; } = new(null, 0, 0);

    public Offer Evolve(IEvent e) => e switch
    {
        PlacesOffered offered => this with { Code = offered.Code, Places = Places + offered.Places },
        PlacesBooked booked => this with { Booked = Booked + booked.Places },
        PlacesReleased released => this with { Booked = Booked - released.Places },
        _ => this,
    };

    public static IReadOnlyList<IEvent> Decide(OfferPlaces command) => [new PlacesOffered(command.Code, command.Places)];

    public IReadOnlyList<IEvent> Book(TripId trip, int places) => this switch
    {
        { Code: null } => [new BookingRefused(trip, places, "There is no such offer.")],
        _ when Places - Booked < places => [new BookingRefused(trip, places, $"{Code} has {Places - Booked} places left, and {places} are wanted.")],
        _ => [new PlacesBooked(trip, places)],
    };

    public static IReadOnlyList<IEvent> Release(TripId trip, int places) => [new PlacesReleased(trip, places)];
}

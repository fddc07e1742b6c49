using Atomic.Services;
using Atomic.Services.Payments;
using Atomic.Services.Travel;
using Atomic.Transactions;

namespace Atomic.Functions.Definitions;

/// <summary>A trip with a flight, a hotel and perhaps a car, booked side by side. A dear one needs a person's approval.</summary>
public sealed record BookTrip(
    OfferCode Flight, OfferCode Hotel, int Travellers, Money Price, CardNumber Card, OfferCode? Car = null, TripId? TripId = null)
{
    private const decimal NeedsApproval = 1_000;

    private static readonly TimeSpan ApprovalLimit = TimeSpan.FromHours(24);

    public static Definition Definition { get; } = new DefinitionBuilder<BookTrip>("book-trip", version: 1)
        .Step("book-flight", "travel",
            t => new BookFlight(t.Trip, t.Flight, t.Travellers),
            undoneBy: t => new CancelFlight(t.Trip, t.Flight, t.Travellers), after: [])
        .Step("book-hotel", "travel",
            t => new BookHotel(t.Trip, t.Hotel, t.Rooms),
            undoneBy: t => new CancelHotel(t.Trip, t.Hotel, t.Rooms), after: [])
        .Step("hire-car", "travel",
            t => new HireCar(t.Trip, t.Car!.Value),
            undoneBy: t => new ReturnCar(t.Trip, t.Car!.Value), when: t => t.Car is not null, after: [])
        .Approval("approve", ApprovalLimit,
            when: t => t.Price.Amount > NeedsApproval, after: ["book-flight", "book-hotel", "hire-car"])
        .Step("authorize-payment", "payments",
            t => new AuthorizePayment(t.Payment, t.Order, t.Card, t.Price),
            undoneBy: t => new VoidPayment(t.Payment, t.Card, t.Price))
            .WritesTo(streams: 2, refusal: 2).AtProvider()
        .Pivot("issue-tickets", "travel",
            t => new IssueTickets(t.Trip, t.Travellers))
        .ForwardOnly("capture-payment", "payments",
            t => new CapturePayment(t.Payment), after: ["issue-tickets"])
        .ForwardOnly("send-itinerary", "travel",
            t => new SendItinerary(t.Trip), after: ["issue-tickets"])
        .Deadline(TimeSpan.FromHours(48))
        .Build();

    public IEnumerable<string> Keys() => [Trip.Value];

    private TripId Trip => TripId ?? throw new InvalidOperationException("The input was not prepared: it has no trip id.");

    private PaymentId Payment => PaymentId.Of($"pay-{Trip}");

    private OrderId Order => OrderId.Of($"trip-{Trip}");

    private int Rooms => (Travellers + 1) / 2;

    /// <summary>The input with the ids that the run will use.</summary>
    public BookTrip Prepare(string transaction) => this with { TripId = TripId ?? Services.TripId.Of($"t-{transaction}") };

    public BookTripOutput Output() => new(Trip, Payment);

    /// <summary>What is wrong with the input, by field.</summary>
    public IEnumerable<(string Field, string Problem)> Problems()
    {
        var ids = IdProblems.Of(
            ("flight", Flight.Value), ("hotel", Hotel.Value), ("car", Car?.Value ?? "-"), ("card", Card.Value), ("tripId", TripId?.Value ?? "-"));
        foreach (var problem in ids) yield return problem;
        if (Travellers is < 1 or > 50) yield return ("travellers", "must be 1 to 50.");
        foreach (var problem in MoneyProblems.Of(Price, "price")) yield return problem;
    }
}

/// <summary>Where to find what a <see cref="BookTrip"/> makes.</summary>
public sealed record BookTripOutput(TripId TripId, PaymentId PaymentId);

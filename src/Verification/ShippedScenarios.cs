using Atomic.Functions.Definitions;
using Atomic.Services;
using Atomic.Services.Accounts;
using Atomic.Services.Inventory;
using Atomic.Services.Ordering;
using Atomic.Services.Payments;
using Atomic.Services.Shipping;
using Atomic.Services.Travel;
using Atomic.Transactions;
using Atomic.Verification.Simulation;

namespace Atomic.Verification;

/// <summary>The definitions of this app, each with what it needs to succeed.</summary>
public static class ShippedScenarios
{
    private static readonly CardNumber Card = new("4111111111111234");
    private static readonly Sku Tea = new("tea");
    private static readonly Address Home = new("Ada", "Way 1", "Town", "10000", "DE");

    public static Scenario PlaceOrder { get; } = New("place-order", Order, Shop);

    public static Scenario ReturnOrder { get; } = New(
        "return-order", new ReturnOrder(new CustomerId("c-1"), new OrderId("o-1"), [new ReturnedLine(Tea, 2)], new Money(20, "EUR"), Card, Home), app =>
        {
            Shop(app);
            var placed = app.RunToEnd(app.Start("place-order", "requests", Order));
            if (placed.State != TransactionState.Completed) throw new InvalidOperationException($"place-order: {placed.Reason}");
        });

    public static Scenario BookTrip { get; } = New("book-trip", Trip(500, car: true), Offers);

    public static Scenario BookDearTrip { get; } = New("book-trip", Trip(2_000, car: false), Offers) with { Name = "book-trip, dear and without a car" };

    public static Scenario TransferMoney { get; } = New(
        "transfer-money", new TransferMoney(new AccountId("a"), new AccountId("b"), new Money(30, "EUR")), app =>
        {
            foreach (var account in new[] { "a", "b" })
                app.Seed("accounts", new OpenAccount(new AccountId(account), new Money(100, "EUR"), new Money(50, "EUR")));
        });

    public static IReadOnlyList<Scenario> All { get; } = [PlaceOrder, ReturnOrder, BookTrip, BookDearTrip, TransferMoney];

    private static PlaceOrder Order => new(new CustomerId("c-1"), [new OrderLine(Tea, 2, new Money(10, "EUR"))], Card, Home, new OrderId("o-1"));

    private static Scenario New(string definition, object input, Action<SimulatedApp> given) =>
        new(definition, ShippedDefinitions.All.Last(type => type.Definition.Name == definition), input, given);

    private static BookTrip Trip(decimal price, bool car) => new(
        new OfferCode("flight-1"), new OfferCode("hotel-1"), 2, new Money(price, "EUR"), Card, car ? new OfferCode("car-1") : null, new TripId("t-1"));

    private static void Shop(SimulatedApp app)
    {
        app.Seed("inventory", new AddStock(Tea, 5));
        app.Seed("payments", new RegisterCard(Card, new Money(100, "EUR")));
    }

    private static void Offers(SimulatedApp app)
    {
        app.Seed("payments", new RegisterCard(Card, new Money(5_000, "EUR")));
        foreach (var code in new[] { "flight-1", "hotel-1", "car-1" }) app.Seed("travel", new OfferPlaces(new OfferCode(code), 3));
    }
}

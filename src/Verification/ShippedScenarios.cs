using System.Globalization;
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
    private static readonly CardNumber CardNumber = new("4111111111111234");
    private static readonly string[] Accounts = ["a", "b"];
    private static readonly string[] Codes = ["flight-1", "hotel-1", "car-1"];
    private static readonly Sku Tea = new("tea");
    private static readonly Address Home = new("Ada", "Way 1", "Town", "10000", "DE");

    public static Scenario PlaceOrder { get; } = New("place-order", Order, Shop, AmountsOfShop);

    public static Scenario ReturnOrder { get; } = New("return-order", Return, Sold, AmountsOfShop);

    public static Scenario BookTrip { get; } = New("book-trip", Trip(500, car: true), Offers, AmountsOfOffers);

    public static Scenario BookDearTrip { get; } =
        New("book-trip", Trip(2_000, car: false), Offers, AmountsOfOffers) with { Name = "book-trip, dear and without a car" };

    public static Scenario TransferMoney { get; } = New("transfer-money", Transfer, Open, AmountsOfAccounts);

    public static IReadOnlyList<Scenario> All { get; } = [PlaceOrder, ReturnOrder, BookTrip, BookDearTrip, TransferMoney];

    private static PlaceOrder Order => new(new CustomerId("c-1"), [new OrderLine(Tea, 2, new Money(10, "EUR"))], CardNumber, Home, new OrderId("o-1"));

    private static ReturnOrder Return =>
        new(new CustomerId("c-1"), new OrderId("o-1"), [new ReturnedLine(Tea, 2)], new Money(20, "EUR"), CardNumber, Home);

    private static TransferMoney Transfer => new(new AccountId("a"), new AccountId("b"), new Money(30, "EUR"));

    private static Scenario New(string definition, object input, Action<SimulatedApp> given, Func<SimulatedApp, string> amounts) =>
        new(definition, ShippedDefinitions.All.Last(type => type.Definition.Name == definition), input, given) { Amounts = amounts };

    private static BookTrip Trip(decimal price, bool car) => new(
        new OfferCode("flight-1"), new OfferCode("hotel-1"), 2, new Money(price, "EUR"), CardNumber, car ? new OfferCode("car-1") : null, new TripId("t-1"));

    private static void Shop(SimulatedApp app)
    {
        app.Seed("inventory", new AddStock(Tea, 5));
        app.Seed("payments", new RegisterCard(CardNumber, new Money(100, "EUR")));
    }

    private static void Sold(SimulatedApp app)
    {
        Shop(app);
        var placed = app.RunToEnd(app.Start("place-order", "requests", Order));
        if (placed.State != TransactionState.Completed) throw new InvalidOperationException($"place-order: {placed.Reason}");
    }

    private static void Open(SimulatedApp app)
    {
        foreach (var account in Accounts) app.Seed("accounts", new OpenAccount(new AccountId(account), new Money(100, "EUR"), new Money(50, "EUR")));
    }

    private static void Offers(SimulatedApp app)
    {
        app.Seed("payments", new RegisterCard(CardNumber, new Money(5_000, "EUR")));
        foreach (var code in Codes) app.Seed("travel", new OfferPlaces(new OfferCode(code), 3));
    }

    private static string AmountsOfShop(SimulatedApp app)
    {
        var tea = app.Store.StateOf<StockItem>(Tea.Value);
        return $"tea on hand {tea.OnHand} reserved {tea.Reserved}, {UsedOfCard(app)}";
    }

    private static string AmountsOfOffers(SimulatedApp app) => $"{Listed(Codes, code => app.Store.StateOf<Offer>(code).Booked)}, {UsedOfCard(app)}";

    private static string AmountsOfAccounts(SimulatedApp app) => Listed(Accounts, account => app.Store.StateOf<Account>(account).Balance!.Amount);

    private static string UsedOfCard(SimulatedApp app) => string.Create(CultureInfo.InvariantCulture, $"card used {app.Store.StateOf<Card>(Card.StreamOf(CardNumber)).Used}");

    private static string Listed<T>(IEnumerable<string> names, Func<string, T> amount) =>
        string.Join(", ", names.Select(name => string.Create(CultureInfo.InvariantCulture, $"{name} {amount(name)}")));
}

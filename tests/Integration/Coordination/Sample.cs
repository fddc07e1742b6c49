using Atomic.Functions.Definitions;
using Atomic.Services;
using Atomic.Services.Accounts;
using Atomic.Services.Inventory;
using Atomic.Services.Ordering;
using Atomic.Services.Payments;
using Atomic.Services.Shipping;
using Atomic.Services.Travel;
using Atomic.Transactions;

namespace Atomic.Integration.Coordination;

/// <summary>A definition with inputs that succeed, each on streams of its own, and what the services must have for that.</summary>
/// <param name="Before">The last step before the pivot whose first stream is not the pivot's.</param>
internal sealed record Sample(string Name, Definition Definition, Func<string, object> Input, Func<CoordinatedHost, string, Task> SeedAsync, string Before)
{
    private static readonly Address Address = new("Ada", "Way 1", "Town", "10000", "DE");

    public static IReadOnlyDictionary<string, Sample> All { get; } = new[]
    {
        new Sample("place-order", PlaceOrder.Definition, Order, StockAsync, "authorize-payment"),
        new Sample("return-order", ReturnOrder.Definition, Return, PlaceAsync, "book-pickup"),
        new Sample("book-trip", BookTrip.Definition, n => Trip(n, 500, car: true), OfferAsync, "authorize-payment"),
        new Sample("dear-trip", BookTrip.Definition, n => Trip(n, 2_000, car: false), OfferAsync, "authorize-payment"),
        new Sample("transfer-money", TransferMoney.Definition, Transfer, OpenAsync, "withdraw"),
    }.ToDictionary(sample => sample.Name);

    /// <summary>The definition without the steps that the input leaves out.</summary>
    public Definition Effective => Definition.For(Input("0"));

    public bool NeedsApproval => Effective.Steps.Any(step => step.DecisionLimit is not null);

    public static TransferMoney Transfer(string n) => new(new AccountId($"a-{n}"), new AccountId($"b-{n}"), new Money(30, "EUR"));

    public static async Task OpenAsync(CoordinatedHost host, string n)
    {
        foreach (var account in new[] { $"a-{n}", $"b-{n}" })
            await host.SeedAsync("accounts", new OpenAccount(new AccountId(account), new Money(100, "EUR"), new Money(50, "EUR")));
    }

    public static BookTrip Trip(string n, decimal price, bool car) => new(
        new OfferCode($"flight-{n}"), new OfferCode($"hotel-{n}"), 2, new Money(price, "EUR"), CardOf(n), car ? new OfferCode($"car-{n}") : null, new TripId($"t-{n}"));

    public static async Task OfferAsync(CoordinatedHost host, string n)
    {
        await host.SeedAsync("payments", new RegisterCard(CardOf(n), new Money(5_000, "EUR")));
        foreach (var code in new[] { $"flight-{n}", $"hotel-{n}", $"car-{n}" }) await host.SeedAsync("travel", new OfferPlaces(new OfferCode(code), 3));
    }

    private static PlaceOrder Order(string n) => new(
        new CustomerId("c-1"), [new OrderLine(new Sku($"tea-{n}"), 2, new Money(10, "EUR"))], CardOf(n), Address, new OrderId($"o-{n}"));

    private static async Task StockAsync(CoordinatedHost host, string n)
    {
        await host.SeedAsync("inventory", new AddStock(new Sku($"tea-{n}"), 5));
        await host.SeedAsync("payments", new RegisterCard(CardOf(n), new Money(100, "EUR")));
    }

    private static ReturnOrder Return(string n) => new(
        new CustomerId("c-1"), new OrderId($"o-{n}"), [new ReturnedLine(new Sku($"tea-{n}"), 2)], new Money(20, "EUR"), CardOf(n), Address);

    private static async Task PlaceAsync(CoordinatedHost host, string n)
    {
        await StockAsync(host, n);
        var placed = await host.StartAsync("place-order", "requests", Order(n), $"placed-{n}");
        await host.UntilAsync(placed.Id, found => found.State == TransactionState.Completed);
    }

    private static CardNumber CardOf(string n) => new($"4111-{n}");
}

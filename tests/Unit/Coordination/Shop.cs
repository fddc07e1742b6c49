using Atomic.Functions.Definitions;
using Atomic.Services;
using Atomic.Services.Inventory;
using Atomic.Services.Ordering;
using Atomic.Services.Payments;
using Atomic.Services.Shipping;
using Atomic.Verification.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Unit.Coordination;

/// <summary>A shop with some tea in stock and a card.</summary>
internal static class Shop
{
    public static readonly Sku Tea = new("tea");
    public static readonly CardNumber Card = new("4111111111111234");

    public static SimulatedApp Open(Scheduler? scheduler = null, IFaults? faults = null, Action<IServiceCollection>? register = null)
    {
        var app = new SimulatedApp(scheduler, faults, register);
        app.Seed("inventory", new AddStock(Tea, 5));
        app.Seed("payments", new RegisterCard(Card, new Money(100, "EUR")));
        return app;
    }

    public static PlaceOrder Order(int quantity = 2, decimal price = 10, string country = "DE") => new(
        new CustomerId("c-1"), [new OrderLine(Tea, quantity, new Money(price, "EUR"))], Card,
        new Address("Ada", "Way 1", "Town", "10000", country), new OrderId("o-1"));

    public static StockItem Stock(SimulatedApp app) => app.Store.StateOf<StockItem>("tea");

    public static decimal Used(SimulatedApp app) => app.Store.StateOf<Card>(Atomic.Services.Payments.Card.StreamOf(Card)).Used;
}

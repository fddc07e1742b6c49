using Atomic.EventSourcing;
using Atomic.Services;
using Atomic.Services.Inventory;
using Atomic.Services.Ordering;
using Atomic.Services.Payments;
using Atomic.Services.Shipping;
using Atomic.Transactions;

namespace Atomic.Functions.Definitions;

/// <summary>What a customer asks for. The order's id may be given; else it is made from the transaction's.</summary>
public sealed record PlaceOrder(
    CustomerId CustomerId, IReadOnlyList<OrderLine> Lines, CardNumber Card, Address Address, OrderId? OrderId = null)
    : IPersonal
{
    public static Definition Definition { get; } = new DefinitionBuilder<PlaceOrder>("place-order", version: 1)
        .Step("create-order", "ordering",
            o => new CreateOrder(o.Order, o.CustomerId, o.Lines),
            undoneBy: o => new CancelOrder(o.Order))
        .Step("reserve-stock", "inventory",
            o => new ReserveStock(o.Order, o.StockLines),
            undoneBy: o => new ReleaseStock(o.Order, o.StockLines))
            .WritesTo(o => o.Lines.Select(line => line.Sku).Distinct().Count())
        .Step("book-shipment", "shipping",
            o => new BookShipment(o.Shipment, o.Order, o.Address),
            undoneBy: o => new CancelShipment(o.Shipment))
        .Step("authorize-payment", "payments",
            o => new AuthorizePayment(o.Payment, o.Order, o.Card, o.Total),
            undoneBy: o => new VoidPayment(o.Payment, o.Card, o.Total))
            .WritesTo(streams: 2, refusal: 2).AtProvider()
        .Pivot("capture-payment", "payments",
            o => new CapturePayment(o.Payment))
        .ForwardOnly("confirm-order", "ordering",
            o => new ConfirmOrder(o.Order))
        .Build();

    string IPersonal.Subject => CustomerId.Value;

    public IEnumerable<string> Keys() => [Order.Value, CustomerId.Value];

    private OrderId Order => OrderId ?? throw new InvalidOperationException("The input was not prepared: it has no order id.");

    private PaymentId Payment => PaymentId.Of($"pay-{Order}");

    private ShipmentId Shipment => ShipmentId.Of($"ship-{Order}");

    private Money Total => Lines.Select(line => line.UnitPrice * line.Quantity).Aggregate((sum, price) => sum + price);

    private IReadOnlyList<StockLine> StockLines => [.. Lines.Select(line => new StockLine(line.Sku, line.Quantity))];

    /// <summary>The input with the ids that the run will use: the same for the same transaction, however often it is asked.</summary>
    public PlaceOrder Prepare(string transaction) => this with { OrderId = OrderId ?? Services.OrderId.Of($"o-{transaction}") };

    /// <summary>The ids by which everything that the run makes can be found.</summary>
    public PlaceOrderOutput Output() => new(Order, Payment, Shipment);

    /// <summary>What is wrong with the input, by field.</summary>
    public IEnumerable<(string Field, string Problem)> Problems()
    {
        foreach (var (field, id) in new[] { ("customerId", CustomerId.Value), ("card", Card.Value), ("orderId", OrderId?.Value ?? "-") })
        {
            if (Id.Problem(id) is { } problem) yield return (field, problem);
        }

        if (Lines.Count is 0 or > 50) yield return ("lines", $"has {Lines.Count} entries and must have 1 to 50.");
        for (var i = 0; i < Lines.Count; i++)
        {
            if (Id.Problem(Lines[i].Sku.Value) is { } problem) yield return ($"lines[{i}].sku", problem);
            if (Lines[i].Quantity is < 1 or > 1_000_000) yield return ($"lines[{i}].quantity", "must be 1 to 1000000.");
            foreach (var (field, what) in MoneyProblems.Of(Lines[i].UnitPrice, $"lines[{i}].unitPrice")) yield return (field, what);
        }

        if (Lines.Select(line => line.UnitPrice.Currency).Distinct().Skip(1).Any()) yield return ("lines", "are in several currencies.");
        foreach (var problem in AddressProblems.Of(Address)) yield return problem;
    }
}

/// <summary>Where to find what a <see cref="PlaceOrder"/> makes.</summary>
public sealed record PlaceOrderOutput(OrderId OrderId, PaymentId PaymentId, ShipmentId ShipmentId);

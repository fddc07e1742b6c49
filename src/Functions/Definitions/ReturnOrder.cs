using Atomic.EventSourcing;
using Atomic.Services;
using Atomic.Services.Inventory;
using Atomic.Services.Ordering;
using Atomic.Services.Payments;
using Atomic.Services.Shipping;
using Atomic.Transactions;

namespace Atomic.Functions.Definitions;

/// <summary>A confirmed order comes back, whole: it is picked up, its price refunded, and its goods are in stock again.</summary>
public sealed record ReturnOrder(
    CustomerId CustomerId, OrderId OrderId, IReadOnlyList<ReturnedLine> Lines, Money Refund, CardNumber Card, Address Address)
    : IPersonal
{
    public static Definition Definition { get; } = new DefinitionBuilder<ReturnOrder>("return-order", version: 1)
        .Step("accept-return", "ordering",
            r => new AcceptReturn(r.OrderId, r.Lines, r.Refund),
            undoneBy: r => new WithdrawReturn(r.OrderId))
        .Step("book-pickup", "shipping",
            r => new BookShipment(r.Pickup, r.OrderId, r.Address),
            undoneBy: r => new CancelShipment(r.Pickup))
        .Pivot("refund-payment", "payments",
            r => new RefundPayment(r.Payment, r.Card, r.Refund))
            .WritesTo(streams: 2)
        .ForwardOnly("restock", "inventory",
            r => new Restock(r.OrderId, r.StockLines), after: ["refund-payment"])
            .WritesTo(r => r.Lines.Select(line => line.Sku).Distinct().Count())
        .ForwardOnly("close-return", "ordering",
            r => new CloseReturn(r.OrderId), after: ["refund-payment"])
        .Build();

    public IEnumerable<string> Keys() => [OrderId.Value, CustomerId.Value];

    string IPersonal.Subject => CustomerId.Value;

    private PaymentId Payment => PaymentId.Of($"pay-{OrderId}");

    private ShipmentId Pickup => ShipmentId.Of($"pickup-{OrderId}");

    private IReadOnlyList<StockLine> StockLines => [.. Lines.Select(line => new StockLine(line.Sku, line.Quantity))];

    /// <summary>The ids by which everything that the run touches can be found.</summary>
    public PlaceOrderOutput Output() => new(OrderId, Payment, Pickup);

    /// <summary>What is wrong with the input, by field.</summary>
    public IEnumerable<(string Field, string Problem)> Problems()
    {
        foreach (var problem in IdProblems.Of(("customerId", CustomerId.Value), ("orderId", OrderId.Value), ("card", Card.Value))) yield return problem;
        if (Lines.Count is 0 or > 50) yield return ("lines", $"has {Lines.Count} entries and must have 1 to 50.");
        for (var i = 0; i < Lines.Count; i++)
        {
            foreach (var problem in IdProblems.Of(($"lines[{i}].sku", Lines[i].Sku.Value))) yield return problem;
            if (Lines[i].Quantity is < 1 or > 1_000_000) yield return ($"lines[{i}].quantity", "must be 1 to 1000000.");
        }

        foreach (var problem in MoneyProblems.Of(Refund, "refund")) yield return problem;
        foreach (var problem in AddressProblems.Of(Address)) yield return problem;
    }
}

using Atomic.EventSourcing;

namespace Atomic.Services.Inventory;

public sealed record AddStock(Sku Sku, int Quantity);

public sealed record StockLine(Sku Sku, int Quantity);

public sealed record ReserveStock(OrderId OrderId, IReadOnlyList<StockLine> Lines);

public sealed record ReleaseStock(OrderId OrderId, IReadOnlyList<StockLine> Lines);

public sealed record Restock(OrderId OrderId, IReadOnlyList<StockLine> Lines);

public sealed record StockAdded(Sku Sku, int Quantity) : IEvent;

public sealed record StockReserved(Sku Sku, OrderId OrderId, int Quantity) : IEvent;

public sealed record StockReleased(Sku Sku, OrderId OrderId, int Quantity) : IEvent;

public sealed record StockReturned(Sku Sku, OrderId OrderId, int Quantity) : IEvent;

public sealed record StockRefused(Sku Sku, OrderId OrderId, int Quantity, string Reason) : IRefusal;

/// <summary>
/// The stock of one product. What an order holds is not kept here: the barrier's record of (transaction, step) tells that a release
/// meets its reservation, and the state stays as small for a million orders as for one.
/// </summary>
public sealed record StockItem(bool Known, int OnHand, int Reserved) : IAggregate<StockItem>
{
    public static string Category => "inventoryStockItem";

    public static EventTypes Events { get; } =
        EventTypes.Of(typeof(StockAdded), typeof(StockReserved), typeof(StockReleased), typeof(StockReturned), typeof(StockRefused));

    public static StockItem Initial { get; } = new(false, 0, 0);

    public int Available => OnHand - Reserved;

    public StockItem Evolve(IEvent e) => e switch
    {
        StockAdded added => this with { Known = true, OnHand = OnHand + added.Quantity },
        StockReserved reserved => this with { Reserved = Reserved + reserved.Quantity },
        StockReleased released => this with { Reserved = Reserved - released.Quantity },
        StockReturned returned => this with { Reserved = Reserved - returned.Quantity },
        _ => this,
    };

    public static IReadOnlyList<IEvent> Decide(AddStock command) => [new StockAdded(command.Sku, command.Quantity)];

    public IReadOnlyList<IEvent> Reserve(OrderId order, StockLine line) => this switch
    {
        { Known: false } => [new StockRefused(line.Sku, order, line.Quantity, $"Product {line.Sku} is unknown.")],
        _ when Available < line.Quantity =>
            [new StockRefused(line.Sku, order, line.Quantity, $"Too little stock of {line.Sku}: {line.Quantity} wanted, {Available} available.")],
        _ => [new StockReserved(line.Sku, order, line.Quantity)],
    };

    public static IReadOnlyList<IEvent> TakeBack(OrderId order, StockLine line) => [new StockReturned(line.Sku, order, line.Quantity)];

    public static IReadOnlyList<IEvent> Release(OrderId order, StockLine line) => [new StockReleased(line.Sku, order, line.Quantity)];
}

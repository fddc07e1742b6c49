using Atomic.EventSourcing;

namespace Atomic.Services.Inventory;

/// <summary>A product's stock as it is shown.</summary>
public sealed record StockLevel(Sku Sku, int OnHand, int Reserved)
{
    public int Available => OnHand - Reserved;
}

/// <summary>The stock of every product, by SKU.</summary>
public sealed class StockLevels : IProjection<StockItem, StockLevel>
{
    public static string Name => "stock-levels";

    public static StockLevel? Apply(StockLevel? row, RecordedEvent e) => e.Data switch
    {
        StockAdded added => new StockLevel(added.Sku, (row?.OnHand ?? 0) + added.Quantity, row?.Reserved ?? 0),
        StockReserved reserved => row! with { Reserved = row.Reserved + reserved.Quantity },
        StockReleased released => row! with { Reserved = row.Reserved - released.Quantity },
        StockReturned returned => row! with { Reserved = row.Reserved - returned.Quantity },
        _ => row,
    };

    public static IReadOnlyDictionary<string, string> Columns(StockLevel row) => new Dictionary<string, string>();
}

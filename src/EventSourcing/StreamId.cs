namespace Atomic.EventSourcing;

/// <summary>
/// One aggregate's stream: the category (one table per service and aggregate, <c>inventoryStockItem</c>) and the aggregate's id.
/// Written <c>inventoryStockItem:sku-1</c>.
/// </summary>
public readonly record struct StreamId(string Category, string Id)
{
    /// <summary>The service it belongs to: the category's first word, <c>inventory</c>.</summary>
    public string Context => string.Concat(Category.TakeWhile(char.IsAsciiLetterLower));

    public override string ToString() => $"{Category}:{Id}";
}

/// <summary>A place in a stream: what a consistency token says. Written <c>orderingOrder:o-17@5</c>.</summary>
public readonly record struct StreamPosition(StreamId Stream, long Version)
{
    public override string ToString() => $"{Stream}@{Version}";

    /// <summary>Reads what <see cref="ToString"/> writes; false when <paramref name="text"/> is anything else.</summary>
    public static bool TryParse(string? text, out StreamPosition position)
    {
        position = default;
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        var at = text?.LastIndexOf('@') ?? -1;
        if (colon < 1 || at < colon + 2) return false;
        if (!long.TryParse(text.AsSpan(at + 1), out var version) || version < 0) return false;
        position = new StreamPosition(new StreamId(text![..colon], text[(colon + 1)..at]), version);
        return true;
    }
}

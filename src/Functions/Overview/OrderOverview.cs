using System.Text.Json;
using Atomic.Services.Ordering;

namespace Atomic.Functions.Overview;

/// <summary>An order across all services.</summary>
/// <param name="Complete">Whether every service answered.</param>
public sealed record OrderOverview(string Id, bool Complete, IReadOnlyList<Section> Sections);

/// <summary>Composes one answer of what the services say, and of what they do not.</summary>
public sealed class OrderOverviews(ServiceQueries queries)
{
    private const string Ordering = "ordering";

    private const string Unreadable = "What ordering says cannot be read.";

    private const int MostProducts = 50;

    /// <exception cref="Http.ProblemException">There is no such order, or a token asks for what is not there.</exception>
    public async Task<OrderOverview> FindAsync(string id, string? tokens, CancellationToken cancellation)
    {
        var escaped = Uri.EscapeDataString(id);
        var order = queries.AskAsync("order", Ordering, $"api/ordering/orders/{escaped}", tokens, isMain: true, cancellation);
        var others = OfOrderAsync(escaped, tokens, cancellation);
        var stock = await StockAsync(await order, tokens, cancellation);
        return Compose(id, [await order, .. await others, .. stock]);
    }

    /// <summary>The orders of a page, each with its payments and shipments, and the page's continuation.</summary>
    /// <param name="query">As the list of orders takes it.</param>
    /// <exception cref="Http.ProblemException">The list of orders refuses the query.</exception>
    public async Task<(IReadOnlyList<OrderOverview> Items, string? Continuation, Section Orders)> ListAsync(
        string query, string? tokens, CancellationToken cancellation)
    {
        var orders = await queries.AskAsync("orders", Ordering, $"api/ordering/orders{query}", tokens, isMain: true, cancellation);
        if (orders.Data is not { } rows) return ([], null, orders);
        if (TextsOf(rows, "orderId") is not { } ids) return ([], null, ServiceQueries.Missing("orders", Ordering, Unreadable));
        var items = await Task.WhenAll(rows.EnumerateArray().Zip(ids).Select(async (item, at) =>
        {
            var (row, id) = item;
            var asOf = orders.AsOf.Where(position => position.StartsWith($"{Order.Category}:{id}@", StringComparison.Ordinal));
            var order = new Section("order", Ordering, row, [.. asOf], at < orders.Lags.Count ? orders.Lags[at] : null, null);
            return Compose(id, [order, .. await OfOrderAsync(Uri.EscapeDataString(id), tokens, cancellation)]);
        }));
        return (items, orders.Continuation, orders);
    }

    private static OrderOverview Compose(string id, IReadOnlyList<Section> sections) =>
        new(id, sections.All(section => section.Available), sections);

    private Task<Section[]> OfOrderAsync(string escaped, string? tokens, CancellationToken cancellation) => Task.WhenAll(
        queries.AskAsync("payments", "payments", $"api/payments/payments?orderId={escaped}", tokens, isMain: false, cancellation),
        queries.AskAsync("shipments", "shipping", $"api/shipping/shipments?orderId={escaped}", tokens, isMain: false, cancellation));

    private async Task<Section[]> StockAsync(Section order, string? tokens, CancellationToken cancellation)
    {
        if (order.Data is not { } data) return [ServiceQueries.Missing("stock", "inventory", "Which products the order has is not known.")];
        if (data.ValueKind != JsonValueKind.Object || !data.TryGetProperty("lines", out var lines) || TextsOf(lines, "sku") is not { } skus)
            return [ServiceQueries.Missing("stock", "inventory", Unreadable)];
        return await Task.WhenAll(skus.Distinct().Take(MostProducts).Select(sku => queries.AskAsync(
            $"stock:{sku}", "inventory", $"api/inventory/stock/{Uri.EscapeDataString(sku)}", tokens, isMain: false, cancellation)));
    }

    /// <summary>A field of each item of a list; null when it is no such list.</summary>
    private static List<string>? TextsOf(JsonElement list, string field)
    {
        if (list.ValueKind != JsonValueKind.Array) return null;
        var texts = list.EnumerateArray()
            .Select(item => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(field, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null)
            .OfType<string>().ToList();
        return texts.Count == list.GetArrayLength() ? texts : null;
    }
}

using System.Net;
using System.Text.Json;
using Atomic.Services;
using Atomic.Services.Inventory;
using Xunit;

namespace Atomic.Integration.ReadSide;

[Collection(ReadSideHost.Name)]
public sealed class Poison_events(ReadSideHost host)
{
    [Fact]
    public async Task Stop_their_row_alone_and_show_in_the_projection_in_its_queries_and_among_the_dead_letters()
    {
        var (sku, other, command) = (ReadSideHost.NewId("sku"), ReadSideHost.NewId("sku"), Guid.NewGuid().ToString("N"));
        var poison = $"inventoryStockItem:{sku}@1";
        // A reservation of what was never in stock: the row has nothing to reserve from. The command, repeated, publishes it.
        await host.AppendAsync(sku, command, new StockReserved(new Sku(sku), new OrderId("o-1"), 1));
        await ReadSideHost.SendAsync(host.Host.Bus, "inventory-commands", ReadSideHost.AddStock(command, sku, 1), ReadSideHost.AddStock($"{command}2", other, 1));

        var letter = await host.UntilParkedAsync(poison);
        Assert.Equal(("events:stock-levels", "PoisonEvent"), (letter.GetProperty("entity").GetString(), letter.GetProperty("reason").GetString()));
        await host.Shop.UntilAsync($"/api/inventory/stock/{other}", row => row.GetProperty("onHand").GetInt32() == 1);
        Assert.Equal(poison, Assert.Single(await BlockedAsync(sku)).GetProperty("event").GetString());
        var why = await host.ProblemAsync(HttpStatusCode.ServiceUnavailable, HttpMethod.Get, $"/api/inventory/stock/{sku}", token: poison);
        Assert.Contains($"stands still before {poison}", why, StringComparison.Ordinal);

        // What follows waits for it, and is no poison.
        await ReadSideHost.SendAsync(host.Host.Bus, "inventory-commands", ReadSideHost.AddStock($"{command}3", sku, 5));
        await host.Host.UntilEmptyAsync("inventory-commands");
        await host.Host.UntilEmptyAsync("events", "stock-levels");
        Assert.Single(await BlockedAsync(sku));
        Assert.Equal(HttpStatusCode.NotFound, (await host.GetAsync($"/api/inventory/stock/{sku}")).Status);
        Assert.Equal(2, (await host.GetAsync($"/api/streams/inventory/{sku}")).Body.GetProperty("version").GetInt32());
    }

    // In each version that takes live events: one, or two while another test's rebuild is kept.
    private async Task<IEnumerable<JsonElement>> BlockedAsync(string sku) =>
        (await host.GetAsync("/api/projections")).Body.GetProperty("items").EnumerateArray()
            .Single(projection => projection.GetProperty("name").GetString() == "stock-levels").GetProperty("blocked").EnumerateArray()
            .Where(row => row.GetProperty("key").GetString() == sku).Select(row => row.GetProperty("blocked"))
            .DistinctBy(blocked => blocked.GetProperty("event").GetString());
}

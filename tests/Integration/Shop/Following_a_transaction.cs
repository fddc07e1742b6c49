using Atomic.Testing.Shop;
using Xunit;

namespace Atomic.Integration.Shop;

/// <summary>What an operator finds about transactions of all couplings, once the tracker has heard of their ends.</summary>
[Collection(RunningHost.Name)]
public sealed class Following_a_transaction(RunningHost host)
{
    private readonly ShopClient _shop = host.Shop;

    [Theory]
    [InlineData("requests")]
    [InlineData("commands")]
    [InlineData("events")]
    public async Task Shows_its_timeline_and_is_found_by_its_order(string coupling)
    {
        var (sku, card) = await _shop.SeedAsync(10, limit: 5);
        var order = $"o-{Guid.NewGuid():N}"[..16];

        var (_, started) = await _shop.PlaceAsync(ShopClient.Order(sku, card, orderId: order), definition: $"place-order?coordination={coupling}");
        var id = started.GetProperty("id").GetString()!;
        await _shop.EndOfAsync(id);

        var listed = await _shop.UntilAsync($"/api/transactions?key={order}&state=Compensated", page => page.GetProperty("items").GetArrayLength() == 1);
        Assert.Equal(id, listed.GetProperty("items")[0].GetProperty("id").GetString());
        Assert.Equal(coupling, listed.GetProperty("items")[0].GetProperty("coordination").GetString());
        var timeline = await _shop.GetAsync($"/api/transactions/{id}/timeline");
        var entries = timeline.GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal("Started", entries[0].GetProperty("what").GetString());
        Assert.Equal("Undone", entries[^1].GetProperty("what").GetString());
        Assert.Contains(entries, entry => entry.GetProperty("what").GetString() == "StockReleased.v1");
        Assert.Equal(0, timeline.GetProperty("expected").GetArrayLength());
    }
}

using Atomic.Functions.Projections;
using Atomic.Integration.ReadSide;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Atomic.Testing.Shop;
using Xunit;
using Xunit.Abstractions;

namespace Atomic.Integration.Shop;

/// <summary>What commands that wait in their queue together ask of Table Storage.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Costs_of_commands(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const int Commands = 100;
    private const int MostRequests = 4;

    [Fact]
    public async Task A_hundred_for_one_stream_are_four_requests()
    {
        using var requests = new RequestsByFunction { WithoutTimers = true };
        // Without its projection, whose requests are others.
        await using var host = await AppHost.StartAsync(await azurite.ConnectionStringAsync(), typeof(ProjectStockLevelsFunction), requests);
        var (shop, sku) = (new ShopClient(host.Client), ReadSideHost.NewId("sku"));
        await shop.GetAsync($"/api/inventory/stock/{sku}", await shop.CommandAsync("inventory/add-stock", new { sku, quantity = 1 }));

        requests.Clear();
        await ReadSideHost.SendAsync(
            host.Bus, "inventory-commands", [.. Enumerable.Range(0, Commands).Select(_ => ReadSideHost.AddStock($"{Guid.NewGuid():N}", sku, 1))]);
        await host.UntilEmptyAsync("inventory-commands");

        output.WriteLine($"{Commands} commands: {requests}");
        Assert.InRange(requests.Total, 1, MostRequests);
        Assert.Equal(1 + Commands, (await shop.GetAsync($"/api/streams/inventory/{sku}")).GetProperty("version").GetInt32());
    }
}

using System.Diagnostics;
using System.Text.Json;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Atomic.Testing.Shop;
using Xunit;
using Xunit.Abstractions;

namespace Atomic.Integration.Shop;

/// <summary>kill -9 of the host, again and again, with transactions in flight: all of them end, and everything adds up.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Killed_at_any_moment(AzuriteFixture azurite, ITestOutputHelper output) : IDisposable
{
    private const int Kills = 50;
    private const int InFlight = 20;
    private const int Price = 10;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("atomic-kill-");

    [Fact]
    public async Task Every_transaction_ends_and_stock_and_money_add_up()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ATOMIC_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"ATOMIC_SEED={seed}");
        var random = new Random(seed);
        await using var host = new HostProcess(_data.FullName, await azurite.ConnectionStringAsync());
        await host.StartAsync();
        var shop = new ShopClient(host.Client);
        var (sku, card) = await shop.SeedAsync(quantity: 600, limit: 1_000_000);
        var (_, poor) = await shop.SeedAsync(quantity: 1, limit: 1);
        var ids = new List<string>();
        var slowest = TimeSpan.Zero;
        for (var kill = 0; kill < Kills; kill++)
        {
            for (var i = 0; i < InFlight; i++)
                ids.Add((await shop.PlaceAsync(ShopClient.Order(sku, random.Next(4) == 0 ? poor : card, price: Price))).Body.GetProperty("id").GetString()!);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 400)), TimeProvider.System);
            await host.KillAsync();
            await host.StartAsync();
            slowest = Max(slowest, await AllEndedAsync(shop, ids.TakeLast(InFlight)));
        }

        output.WriteLine($"{Kills} kills, {ids.Count} transactions, slowest end {slowest.TotalSeconds:0.0} s after a restart.");
        Assert.True(slowest < Longest, $"A transaction took {slowest} after the restart.");
        await AssertItAddsUpAsync(shop, sku, ids);
    }

    public void Dispose() => _data.Delete(recursive: true);

    private static async Task<TimeSpan> AllEndedAsync(ShopClient shop, IEnumerable<string> ids)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(ids.Select(shop.EndOfAsync));
        return watch.Elapsed;
    }

    private static async Task AssertItAddsUpAsync(ShopClient shop, string sku, List<string> ids)
    {
        var ends = await Task.WhenAll(ids.Select(shop.EndOfAsync));
        var completed = ends.Where(end => end.GetProperty("state").GetString() == "Completed").ToList();
        Assert.NotEmpty(completed);
        Assert.True(completed.Count < ids.Count, "Some must have been declined.");
        foreach (var end in ends) await AssertWholeAsync(shop, end);
        // Without a token, so that a lost event would be seen: the row itself must get there.
        var stock = await shop.UntilAsync($"/api/inventory/stock/{sku}", row => row.GetProperty("reserved").GetInt32() == completed.Count);
        Assert.Equal(600, stock.GetProperty("onHand").GetInt32());
    }

    private static async Task AssertWholeAsync(ShopClient shop, JsonElement end)
    {
        var (order, payment, shipment) = end.GetProperty("state").GetString() == "Completed"
            ? ("Confirmed", "Captured", "Booked") : ("Cancelled", "Declined", "Cancelled");
        var output = end.GetProperty("output");
        await ShowsAsync("ordering/orders", "orderId", order);
        await ShowsAsync("payments/payments", "paymentId", payment);
        await ShowsAsync("shipping/shipments", "shipmentId", shipment);

        Task ShowsAsync(string route, string id, string state) =>
            shop.UntilAsync($"/api/{route}/{output.GetProperty(id).GetString()}", row => row.GetProperty("state").GetString() == state);
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}

using System.Diagnostics;
using System.Text.Json;
using Atomic.Services;
using Atomic.Services.Payments;
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
    private const int MostKills = 2 * Kills;
    private const int EnoughHits = Kills / 3;
    private const int InFlight = 20;
    private const int Price = 10;
    private const int Stock = 2 * MostKills * InFlight;
    private const int LatestKill = 900;

    // The host takes 200 requests at once, and refuses more.
    private const int AtOnce = 100;

    // What waits for its lock to end after each kill waits for a minute.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    // Of a machine that is slow fewer kills are asked.
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(4);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("atomic-kill-");

    [Fact]
    public async Task Every_transaction_ends_and_stock_and_money_add_up()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ATOMIC_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"ATOMIC_SEED={seed}");
        var random = new Random(seed);
        await using var host = await HostProcess.StartedAsync(_data.FullName, await azurite.ConnectionStringAsync());
        var shop = new ShopClient(host.Client);
        var (sku, card) = await shop.SeedAsync(quantity: Stock, limit: 1_000_000);
        var (_, poor) = await shop.SeedAsync(quantity: 1, limit: 1);
        var ids = new List<string>();
        var ended = new List<TimeSpan>();
        var (unanswered, hit, latest) = (0, 0, LatestKill);
        var began = Stopwatch.StartNew();
        bool IsHit() => unanswered > 0 && hit > (began.Elapsed < Enough ? EnoughHits : 0);
        for (var kill = 0; IsHit() ? kill < Kills && began.Elapsed < Enough : kill < MostKills; kill++)
        {
            var orders = Enumerable.Range(0, InFlight).Select(_ => (Order: OrderOf(random.Next(4) == 0 ? poor : card, sku), Key: Guid.NewGuid().ToString())).ToList();
            var placing = orders.Select(order => TryPlaceAsync(shop, order.Order, order.Key)).ToList();
            var wait = random.Next(latest);
            await Task.Delay(TimeSpan.FromMilliseconds(wait), TimeProvider.System);
            var killedAt = TimeProvider.System.GetUtcNow();
            await host.KillAsync();
            var accepted = (await Task.WhenAll(placing)).OfType<string>().ToList();
            unanswered += InFlight - accepted.Count;
            // On a machine that is slow nothing had begun by then, late as it was.
            if (accepted.Count == 0 && wait > latest / 2) latest = Math.Min(latest + LatestKill, 10 * LatestKill);
            var watch = Stopwatch.StartNew();
            await host.StartAsync();

            // What was accepted is there before anybody asks again. Then whoever got no answer does so with the same key, and whoever
            // got one too: it is the same transaction.
            foreach (var id in accepted) await shop.GetAsync($"/api/transactions/{id}");
            var started = await Task.WhenAll(orders.Select(async order => (await shop.PlaceAsync(order.Order, order.Key)).Body.GetProperty("id").GetString()!));
            var ends = await Task.WhenAll(started.Select(shop.EndOfAsync));
            ended.Add(watch.Elapsed);
            if (ends.Any(end => end.GetProperty("startedAt").GetDateTimeOffset() < killedAt && end.GetProperty("endedAt").GetDateTimeOffset() > killedAt)) hit++;
            Assert.Subset(started.ToHashSet(), accepted.ToHashSet());
            ids.AddRange(started);
        }

        ended.Sort();
        output.WriteLine(
            $"{ended.Count} kills, {hit} with some in flight, {ids.Count} transactions, {unanswered} starts without an answer; all ended {ended[ended.Count / 2].TotalSeconds:0.0} s "
            + $"after a kill, start of the host included (median), {ended[^1].TotalSeconds:0.0} s (slowest).");
        Assert.True(IsHit(), "Hardly any kill came while something was in flight.");
        Assert.True(ended[ended.Count / 2] < Longest, $"It took {ended[ended.Count / 2]} until all had ended after a kill.");
        Assert.Equal(ended.Count * InFlight, ids.Distinct().Count());
        await AssertItAddsUpAsync(shop, sku, card, ids);
    }

    public void Dispose() => _data.Delete(recursive: true);

    private static object OrderOf(string card, string sku) => ShopClient.Order(sku, card, price: Price);

    /// <summary>The transaction's id; null without an answer.</summary>
    private static async Task<string?> TryPlaceAsync(ShopClient shop, object order, string key)
    {
        try
        {
            return (await shop.PlaceAsync(order, key)).Body.GetProperty("id").GetString();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return null;
        }
    }

    private static async Task AssertItAddsUpAsync(ShopClient shop, string sku, string card, List<string> ids)
    {
        var ends = new List<JsonElement>();
        foreach (var some in ids.Chunk(AtOnce)) ends.AddRange(await Task.WhenAll(some.Select(shop.EndOfAsync)));
        var completed = ends.Count(end => end.GetProperty("state").GetString() == "Completed");
        Assert.InRange(completed, 1, ids.Count - 1);
        foreach (var end in ends) await AssertWholeAsync(shop, end);
        // Without a token, so that a lost event would be seen: the row itself must get there.
        var stock = await shop.UntilAsync($"/api/inventory/stock/{sku}", row => row.GetProperty("reserved").GetInt32() == completed);
        Assert.Equal(Stock, stock.GetProperty("onHand").GetInt32());
        Assert.Equal(completed * Price, await HeldAsync(shop, card));
        var parked = (await shop.GetAsync("/api/dead-letters")).GetProperty("items").EnumerateArray();
        Assert.Empty(parked.Select(letter => letter.ToString()));
    }

    /// <summary>What the card's own log says of its limit: all that was held on it and not released again.</summary>
    private static async Task<decimal> HeldAsync(ShopClient shop, string card)
    {
        var held = 0m;
        for (var from = 1L; ;)
        {
            var page = await shop.GetAsync($"/api/streams/paymentsCard/{Card.StreamOf(new CardNumber(card))}?fromVersion={from}");
            var events = page.GetProperty("events").EnumerateArray().ToList();
            if (events.Count == 0) return held;
            held += events.Sum(e => e.GetProperty("type").GetString() switch
            {
                "LimitHeld.v1" => AmountOf(e),
                "LimitReleased.v1" => -AmountOf(e),
                _ => 0,
            });
            from = events[^1].GetProperty("version").GetInt64() + 1;
        }

        static decimal AmountOf(JsonElement e) => e.GetProperty("data").GetProperty("amount").GetProperty("amount").GetDecimal();
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
}

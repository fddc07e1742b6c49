using System.Diagnostics;
using System.Globalization;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Atomic.Testing.Shop;

namespace Atomic.Benchmarks.Shop;

/// <summary><c>place-order</c> over HTTP on the local host with a fresh Azurite, each in a process of its own: one at a time, and many at once.</summary>
internal static class PlacingOrders
{
    private const int WarmUp = 20;
    private const int Alone = 50;
    private const int AtOnce = 100;
    private const int Rounds = 5;

    public static async Task RunAsync()
    {
        var azurite = new AzuriteFixture();
        var data = Directory.CreateTempSubdirectory("atomic-benchmark-");
        await using (var host = await HostProcess.StartedAsync(data.FullName, await azurite.ConnectionStringAsync()))
        {
            var shop = new ShopClient(host.Client);
            var (sku, card) = await shop.SeedAsync(quantity: 100_000, limit: 10_000_000);
            for (var i = 0; i < WarmUp; i++) await shop.PlaceToEndAsync(ShopClient.Order(sku, card));
            await OneAtATimeAsync(shop, sku, card);
            for (var round = 1; round <= Rounds; round++) await ManyAtOnceAsync(shop, sku, card, round);
        }

        await azurite.DisposeAsync();
        data.Delete(recursive: true);
    }

    private static async Task OneAtATimeAsync(ShopClient shop, string sku, string card)
    {
        var times = new List<double>();
        for (var i = 0; i < Alone; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await shop.PlaceToEndAsync(ShopClient.Order(sku, card));
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        times.Sort();
        Print($"one at a time: p50 {times[Alone / 2]:0} ms, p90 {times[Alone * 9 / 10]:0} ms from request to Completed, seen by polling every 20 ms ({Alone} orders; goal: p50 at most 150 ms, slowest at most 1 s, was {times[^1]:0} ms)");
    }

    private static async Task ManyAtOnceAsync(ShopClient shop, string sku, string card, int round)
    {
        var began = Stopwatch.GetTimestamp();
        var ends = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => shop.PlaceToEndAsync(ShopClient.Order(sku, card))));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var completed = ends.Count(end => end.GetProperty("state").GetString() == "Completed");
        Print($"{AtOnce} at once, of one product with one card, round {round}: {completed} completed in {seconds:0.00} s, {completed / seconds:0.0}/s (goal: 30/s)");
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}

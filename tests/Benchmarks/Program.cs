using System.Diagnostics;
using System.Globalization;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Atomic.Testing.Shop;

// dotnet run -c Release --project tests/Benchmarks: place-order over HTTP on the local host with a fresh Azurite, in processes of their own.
const int Alone = 30;
const int AtOnce = 100;

var azurite = new AzuriteFixture();
await azurite.InitializeAsync();
var data = Directory.CreateTempSubdirectory("atomic-benchmark-");
await using (var host = new HostProcess(data.FullName, await azurite.ConnectionStringAsync()))
{
    await host.StartAsync();
    var shop = new ShopClient(host.Client);
    var (sku, card) = await shop.SeedAsync(quantity: 10_000, limit: 1_000_000);
    for (var i = 0; i < 10; i++) await shop.PlaceToEndAsync(ShopClient.Order(sku, card));

    var times = new List<double>();
    for (var i = 0; i < Alone; i++)
    {
        var one = Stopwatch.GetTimestamp();
        await shop.PlaceToEndAsync(ShopClient.Order(sku, card));
        times.Add(Stopwatch.GetElapsedTime(one).TotalMilliseconds);
    }

    times.Sort();
    Print($"alone: p50 {times[Alone / 2]:0} ms, slowest {times[^1]:0} ms, from request to Completed, seen by polling every 20 ms ({Alone} orders)");

    foreach (var round in Enumerable.Range(1, 3))
    {
        var all = Stopwatch.GetTimestamp();
        var ends = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => shop.PlaceToEndAsync(ShopClient.Order(sku, card))));
        var seconds = Stopwatch.GetElapsedTime(all).TotalSeconds;
        var completed = ends.Count(end => end.GetProperty("state").GetString() == "Completed");
        Print($"{AtOnce} at once, one product and one card, round {round}: {completed} completed in {seconds:0.00} s, {AtOnce / seconds:0.0}/s");
    }
}

await azurite.DisposeAsync();
data.Delete(recursive: true);

static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

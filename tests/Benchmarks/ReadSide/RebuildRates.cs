using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Atomic.Services.Inventory;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Atomic.Testing.Shop;

namespace Atomic.Benchmarks.ReadSide;

/// <summary>A rebuild over HTTP on the local host with a fresh Azurite: ten thousand streams of ten events, in two commits.</summary>
internal static class RebuildRates
{
    private const int Streams = 10_000;
    private const int Commits = 2;
    private const int EventsOfEach = 5;
    private const int Rounds = 3;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    public static async Task RunAsync()
    {
        var azurite = AzuriteFixture.InMemory();
        var storage = await azurite.ConnectionStringAsync();
        var data = Directory.CreateTempSubdirectory("atomic-benchmark-");
        await new SeededShop(storage).AppendAsync(0, Streams, Commits, EventsOfEach);
        await using (var host = await HostProcess.StartedAsync(data.FullName, storage))
        {
            var shop = new ShopClient(host.Client);
            for (var round = 1; round <= Rounds; round++) await RebuildAsync(shop, round);
        }

        await azurite.DisposeAsync();
        data.Delete(recursive: true);
    }

    private static async Task RebuildAsync(ShopClient shop, int round)
    {
        var began = Stopwatch.GetTimestamp();
        await PostAsync(shop, "rebuild");
        var projection = await StockLevelsAsync(shop);
        while (!Stages(projection).Contains("Ready"))
        {
            if (!Stages(projection).Contains("Building")) throw new InvalidOperationException($"The rebuild failed: {projection}");
            await Task.Delay(BetweenLooks, TimeProvider.System);
            projection = await StockLevelsAsync(shop);
        }

        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var count = projection.GetProperty("rebuild").GetProperty("count");
        var (events, rows) = (count.GetProperty("events").GetInt64(), count.GetProperty("rows").GetInt64());
        Print($"round {round}: {events:N0} events to {rows:N0} rows in {seconds:0.0} s from request to ready, of which 2 s for all instances to hear of it");
        await PostAsync(shop, "switch");
    }

    private static async Task PostAsync(ShopClient shop, string act)
    {
        using var response = await shop.Http.PostAsync(new Uri($"/api/projections/{StockLevels.Name}/{act}", UriKind.Relative), null);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{act}: {await response.Content.ReadAsStringAsync()}");
    }

    private static async Task<JsonElement> StockLevelsAsync(ShopClient shop) => (await shop.GetAsync("/api/projections")).GetProperty("items")
        .EnumerateArray().Single(projection => projection.GetProperty("name").GetString() == StockLevels.Name);

    private static IEnumerable<string?> Stages(JsonElement projection) =>
        projection.GetProperty("versions").EnumerateArray().Select(version => version.GetProperty("stage").GetString());

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}

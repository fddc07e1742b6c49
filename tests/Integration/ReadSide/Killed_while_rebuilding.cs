using System.Net;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Services;
using Atomic.Services.Inventory;
using Atomic.Services.Ordering;
using Atomic.TableStorage;
using Atomic.Testing.Hosting;
using Atomic.Testing.Shop;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Xunit.Abstractions;

namespace Atomic.Integration.ReadSide;

/// <summary>kill -9 of the host, again and again, while it rebuilds and takes batches of live events: every row is as it must be.</summary>
public sealed class Killed_while_rebuilding(ITestOutputHelper output) : KillableHost(output)
{
    private const int Streams = 600;
    private const int LiveEvents = 40;
    private const int Attempts = 10;
    private const decimal Price = 2.5m;

    private static readonly string[] Projections = ["stock-levels", "orders-by-customer"];
    private static readonly int[] KilledAtRanges = [1, 16, 64, 160];

    private readonly List<string> _skus = [.. Enumerable.Range(0, Streams).Select(i => $"sku-{i:D4}")];

    [Fact]
    public async Task Loses_nothing_and_counts_nothing_twice()
    {
        // Written to the streams and never published: only a rebuild can show them.
        await Parallel.ForEachAsync(_skus, await AppendAsync());
        var onHand = _skus.ToDictionary(sku => sku, _ => 1);
        await using var host = await StartAsync();
        var shop = new ShopClient(host.Client);
        foreach (var name in Projections) await PostAsync(shop, name, "rebuild", HttpStatusCode.Accepted);

        var midway = 0;
        foreach (var ranges in KilledAtRanges)
        {
            await shop.UntilAsync("/api/projections", found => RangesOf(found, Projections[0]) >= ranges);
            await AddAsync(shop, onHand);
            await MomentAsync(0, 20);
            if (await KilledAsync(host, shop)) midway++;
        }

        // On a machine that is slow the rebuild was over by then.
        for (var again = 0; midway == 0 && again < Attempts; again++)
        {
            await PostAsync(shop, Projections[0], "rebuild", HttpStatusCode.Accepted);
            if (await KilledAsync(host, shop)) midway++;
            else await shop.UntilAsync("/api/projections", list => StageOf(list, Projections[0]) == "Ready");
        }

        Output.WriteLine($"{midway} kills were in the middle of a rebuild.");
        Assert.True(midway > 0, "The rebuild was over before the first kill.");
        foreach (var name in Projections)
        {
            await shop.UntilAsync("/api/projections", list => StageOf(list, name) == "Ready");
            await PostAsync(shop, name, "switch", HttpStatusCode.OK);
        }

        await AssertAsync(shop, onHand);
    }

    /// <returns>Whether that was in the middle of a rebuild.</returns>
    private static async Task<bool> KilledAsync(HostProcess host, ShopClient shop)
    {
        await host.KillAsync();
        await host.StartAsync();
        var list = await shop.GetAsync("/api/projections");
        return Projections.Any(name => StageOf(list, name) == "Building");
    }

    private static async Task AssertAsync(ShopClient shop, Dictionary<string, int> onHand)
    {
        foreach (var (sku, quantity) in onHand)
            await shop.UntilAsync($"/api/inventory/stock/{sku}", row => row.GetProperty("onHand").GetInt32() == quantity);
        var summary = (await shop.GetAsync("/api/ordering/customers/ada/orders")).GetProperty("summary");
        Assert.Equal(Streams, summary.GetProperty("placed").GetInt32());
        Assert.Equal(Streams * Price, summary.GetProperty("totals")[0].GetProperty("amount").GetDecimal());
        Assert.Empty((await shop.GetAsync("/api/dead-letters")).GetProperty("items").EnumerateArray());
    }

    private async Task<Func<string, CancellationToken, ValueTask>> AppendAsync()
    {
        var store = new ServiceCollection().AddSingleton(TimeProvider.System).AddTableStorage(await StorageAsync())
            .BuildServiceProvider().GetRequiredService<IEventStore>();
        return async (id, _) =>
        {
            await AppendAsync<StockItem>(store, id, new StockAdded(new Sku(id), 1));
            var total = new Money(Price, "EUR");
            await AppendAsync<Order>(store, $"o-{id}", new OrderPlaced(
                new OrderId($"o-{id}"), new CustomerId("ada"), [new OrderLine(new Sku(id), 1, total)], total));
        };
    }

    private static async Task AppendAsync<TState>(IEventStore store, string id, IEvent e) where TState : IAggregate<TState>
    {
        var head = await store.LoadAsync<TState>(id, likelyNew: true, default);
        var commit = new NewCommit("first", RecordState.None, RecordState.Done, [e], null, new EventContext("first", "first"));
        Assert.IsType<AppendOutcome.Appended>(await store.AppendAsync(head, commit, default));
    }

    private async Task AddAsync(ShopClient shop, Dictionary<string, int> onHand)
    {
        var chosen = Enumerable.Range(0, LiveEvents).Select(_ => _skus[Random.Next(Streams)]).ToList();
        await Task.WhenAll(chosen.Select(sku => shop.CommandAsync("inventory/add-stock", new { sku, quantity = 2 })));
        foreach (var sku in chosen) onHand[sku] += 2;
    }

    private static async Task PostAsync(ShopClient shop, string projection, string act, HttpStatusCode expected)
    {
        using var response = await shop.Http.PostAsync(new Uri($"/api/projections/{projection}/{act}", UriKind.Relative), null);
        Assert.True(response.StatusCode == expected, $"{act} of {projection}: {await response.Content.ReadAsStringAsync()}");
    }

    private static JsonElement Of(JsonElement list, string name) =>
        list.GetProperty("items").EnumerateArray().Single(projection => projection.GetProperty("name").GetString() == name);

    private static string? StageOf(JsonElement list, string name) =>
        Of(list, name).GetProperty("versions").EnumerateArray().Last().GetProperty("stage").GetString();

    private static int RangesOf(JsonElement list, string name) =>
        Of(list, name).TryGetProperty("rebuild", out var rebuild) && rebuild.ValueKind == JsonValueKind.Object ? rebuild.GetProperty("ranges").GetInt32() : 0;
}

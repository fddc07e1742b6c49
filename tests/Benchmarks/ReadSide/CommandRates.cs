using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Messaging;
using Atomic.Services.Inventory;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Azure.Messaging.ServiceBus;

namespace Atomic.Benchmarks.ReadSide;

/// <summary>
/// Commands from their queue to their rows: queue, event store, topic, projection. Each is for a product chosen at random among those that
/// there are, with ten thousand rows in the event store, then with a hundred thousand. None is kept warm: of a few products most soon would
/// be, which halves the requests, and it would be these that are compared.
/// </summary>
internal static class CommandRates
{
    private const string Queue = "inventory-commands";
    private const int RowsOfAProduct = 3;
    private const int Few = 10_000 / RowsOfAProduct;
    private const int Many = 100_000 / RowsOfAProduct;
    private const int Commands = 2_000;
    private const int Together = 100;
    private const int Rounds = 3;

    public static async Task RunAsync()
    {
        var azurite = AzuriteFixture.InMemory();
        var storage = await azurite.ConnectionStringAsync();
        var shop = new SeededShop(storage);
        await using (var host = await AppHost.StartAsync(storage, tables: options => (options.WarmStreams, options.WarmRows) = (1, 1)))
        {
            await SeedAsync(shop, 0, Few);
            await MeasureAsync(host, Few);
            var few = await MedianAsync(host, Few);
            await SeedAsync(shop, Few, Many);
            await MeasureAsync(host, Many);
            var many = await MedianAsync(host, Many);
            Print($"median {few:0}/s with {Few:N0} products, {many:0}/s with {Many:N0}: {100 * (few - many) / few:0.0} % slower");
        }

        await azurite.DisposeAsync();
    }

    private static async Task SeedAsync(SeededShop shop, int from, int to)
    {
        await shop.AppendAsync(from, to, commits: 1, events: 1);
        await shop.ProjectAsync();
    }

    private static async Task<double> MedianAsync(InProcessHost host, int products)
    {
        var rates = new List<double>();
        for (var round = 1; round <= Rounds; round++)
        {
            rates.Add(await MeasureAsync(host, products));
            Print($"{products:N0} products, round {round}: {rates[^1]:0} commands a second from queue to row");
        }

        rates.Sort();
        return rates[Rounds / 2];
    }

    private static async Task<double> MeasureAsync(InProcessHost host, int products)
    {
        var messages = Enumerable.Range(0, Commands).Select(_ => Message(SeededShop.SkuOf(Random.Shared.Next(products)))).Chunk(Together).ToList();
        await using var sender = host.Bus.CreateSender(Queue);
        var began = Stopwatch.GetTimestamp();
        foreach (var some in messages) await sender.SendMessagesAsync(some);
        // A message stays until it is settled, which is when its commit is published, or its row written.
        await host.UntilEmptyAsync(Queue);
        await host.UntilEmptyAsync("events", StockLevels.Name);
        return Commands / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static ServiceBusMessage Message(string sku)
    {
        var id = Guid.NewGuid().ToString("N");
        var command = new CommandMessage(id, nameof(AddStock), new EventContext(id, id), JsonSerializer.SerializeToElement(new { sku, quantity = 1 }));
        return new ServiceBusMessage(BinaryData.FromObjectAsJson(command, StorageJson.Options)) { MessageId = id, Subject = nameof(AddStock) };
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}

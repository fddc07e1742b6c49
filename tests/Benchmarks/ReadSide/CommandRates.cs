using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Messaging;
using Atomic.Services.Inventory;
using Azure.Messaging.ServiceBus;

namespace Atomic.Benchmarks.ReadSide;

/// <summary>
/// Commands from their queue to their rows: queue, event store, topic, projection. Each is for a product chosen at random among those that
/// there are, with ten thousand rows in the event store, then with a hundred thousand. None is kept warm: of a few products most soon would
/// be, which halves the requests, and it would be these that are compared. The rounds of the two take turns, so that whatever else the
/// machine does slows both.
/// </summary>
internal static class CommandRates
{
    private const string Queue = "inventory-commands";
    private const int RowsOfAProduct = 3;
    private const int Few = 10_000 / RowsOfAProduct;
    private const int Many = 100_000 / RowsOfAProduct;
    private const int Commands = 2_000;
    private const int Together = 100;
    private const int Rounds = 5;

    public static async Task RunAsync()
    {
        await using var few = await SeededHost.StartAsync(Few);
        await using var many = await SeededHost.StartAsync(Many);
        await MeasureAsync(few);
        await MeasureAsync(many);
        var (ofFew, ofMany) = (new List<double>(), new List<double>());
        for (var round = 1; round <= Rounds; round++)
        {
            ofFew.Add(await MeasureAsync(few));
            ofMany.Add(await MeasureAsync(many));
            Print($"round {round}: {ofFew[^1]:0} commands a second from queue to row with {Few:N0} products, {ofMany[^1]:0} with {Many:N0}");
        }

        var (median, amongMany) = (Median(ofFew), Median(ofMany));
        Print($"median {median:0}/s with {Few:N0} products, {amongMany:0}/s with {Many:N0}: {100 * (median - amongMany) / median:0.0} % slower");
    }

    private static double Median(List<double> rates) => rates.Order().ElementAt(Rounds / 2);

    private static async Task<double> MeasureAsync(SeededHost seeded)
    {
        var messages = Enumerable.Range(0, Commands).Select(_ => Message(SeededShop.SkuOf(Random.Shared.Next(seeded.Products)))).Chunk(Together).ToList();
        await using var sender = seeded.Host.Bus.CreateSender(Queue);
        var began = Stopwatch.GetTimestamp();
        foreach (var some in messages) await sender.SendMessagesAsync(some);
        // A message stays until it is settled, which is when its commit is published, or its row written.
        await seeded.Host.UntilEmptyAsync(Queue);
        await seeded.Host.UntilEmptyAsync("events", StockLevels.Name);
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

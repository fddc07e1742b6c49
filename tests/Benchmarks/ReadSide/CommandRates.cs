using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Messaging;
using Atomic.Services.Inventory;
using Azure.Messaging.ServiceBus;

namespace Atomic.Benchmarks.ReadSide;

/// <summary>
/// Commands from their queue to their rows: queue, event store, topic, projection, with ten thousand rows in the event store and with a
/// hundred thousand. Each is for a product chosen at random: first among as many in both, so that nothing differs but the rows beside them;
/// then among all of the many, of which fewer happen to be written together. None is kept warm: of a few products most soon would be, which
/// halves the requests, and it would be these that are compared. The rounds take turns, so that whatever else the machine does slows all.
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
        (SeededHost Host, int Among)[] kinds = [(few, Few), (many, Few), (many, Many)];
        var rates = kinds.Select(_ => new List<double>()).ToList();
        foreach (var (host, among) in kinds) await MeasureAsync(host, among);
        for (var round = 1; round <= Rounds; round++)
        {
            for (var kind = 0; kind < kinds.Length; kind++) rates[kind].Add(await MeasureAsync(kinds[kind].Host, kinds[kind].Among));
            var (ofFew, asMany, ofAll) = (rates[0][^1], rates[1][^1], rates[2][^1]);
            Print($"round {round}: {ofFew:0} commands a second among {Few:N0} products, {asMany:0} among as many of {Many:N0}, {ofAll:0} among all");
        }

        var medians = rates.Select(Median).ToList();
        Print($"median from queue to row, with 10,000 rows: {medians[0]:0}/s");
        Print($"with 100,000, among as many products: {medians[1]:0}/s, {Slower(medians[1]):0.0} % slower");
        Print($"with 100,000, among all products: {medians[2]:0}/s, {Slower(medians[2]):0.0} % slower");

        double Slower(double rate) => 100 * (medians[0] - rate) / medians[0];
    }

    private static double Median(List<double> rates) => rates.Order().ElementAt(Rounds / 2);

    private static async Task<double> MeasureAsync(SeededHost seeded, int among)
    {
        var messages = Enumerable.Range(0, Commands).Select(_ => Message(SeededShop.SkuOf(Random.Shared.Next(among)))).Chunk(Together).ToList();
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

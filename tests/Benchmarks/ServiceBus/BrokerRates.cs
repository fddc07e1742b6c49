using Atomic.LocalHost.ServiceBus;
using Atomic.Testing.ServiceBus;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atomic.Benchmarks.ServiceBus;

/// <summary>How many messages a second the embedded broker takes, and gives out and settles, one at a time and many at once.</summary>
internal static class BrokerRates
{
    private const int Messages = 20_000;

    private static readonly byte[] Body = new byte[800];

    public static async Task RunAsync()
    {
        foreach (var workers in new[] { 1, 32, 1, 32 })
        {
            await MeasureAsync("queue", "plain", "plain", null, workers);
            await MeasureAsync("queue with duplicate detection", "once", "once", null, workers);
            await MeasureAsync("topic, copies for two subscriptions", "news", "news", "large", workers);
        }
    }

    private static async Task MeasureAsync(string what, string destination, string source, string? subscription, int workers)
    {
        var folder = Directory.CreateTempSubdirectory("atomic-");
        try
        {
            await using var broker = await Broker.OpenAsync(
                Path.Combine(folder.FullName, "service-bus.db"), Topology.Read(ServiceBusConformance.TopologyFile), TimeProvider.System, NullLoggerFactory.Instance);
            await using var client = new EmbeddedServiceBusClient(broker);
            await using var sender = client.CreateSender(destination);
            await using var receiver = subscription is null ? client.CreateReceiver(source) : client.CreateReceiver(source, subscription);
            var sent = await Rates.OfAsync(Messages, workers, () => sender.SendMessageAsync(Message()));
            var settled = await Rates.OfAsync(Messages, workers, async () =>
                await receiver.CompleteMessageAsync((await receiver.ReceiveMessageAsync())!));
            Console.WriteLine($"{what}, {workers} at once: {sent:N0} sends/s, {settled:N0} receives with completion/s");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ServiceBusMessage Message() => new(Body) { Subject = "s", ApplicationProperties = { ["amount"] = 500, ["region"] = "eu" } };
}

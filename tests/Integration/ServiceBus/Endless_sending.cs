using System.Globalization;
using Atomic.LocalHost.ServiceBus;
using Atomic.Testing.ServiceBus;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atomic.Integration.ServiceBus;

/// <summary>Sends, receives and completes until it is killed, and says what was acknowledged: <c>sent 17</c>, <c>settled 17</c>.</summary>
internal static class Endless_sending
{
    public const int Senders = 4;

    public static async Task<int> RunAsync(string file)
    {
        await using var broker = await Broker.OpenAsync(
            file, Topology.Read(ServiceBusConformance.TopologyFile), TimeProvider.System, NullLoggerFactory.Instance);
        await using var client = new EmbeddedServiceBusClient(broker);
        Console.Out.WriteLine("ready");
        await Task.WhenAll([.. Enumerable.Range(0, Senders).Select(number => SendAsync(client, number)), SettleAsync(client)]);
        return 0;
    }

    // To a topic, so that each send is a copy in several subscriptions.
    private static async Task SendAsync(ServiceBusClient client, int first)
    {
        await using var sender = client.CreateSender("news");
        for (var number = first; ; number += Senders)
        {
            var message = new ServiceBusMessage($"{number}") { ApplicationProperties = { ["amount"] = 500, ["region"] = "eu" } };
            await sender.SendMessageAsync(message);
            Say("sent", number);
        }
    }

    private static async Task SettleAsync(ServiceBusClient client)
    {
        await using var receiver = client.CreateReceiver("news", "large");
        await foreach (var message in receiver.ReceiveMessagesAsync())
        {
            await receiver.CompleteMessageAsync(message);
            Say("settled", int.Parse(message.Body.ToString(), CultureInfo.InvariantCulture));
        }
    }

    private static void Say(string what, int number)
    {
        lock (Console.Out) Console.Out.WriteLine($"{what} {number}");
    }
}

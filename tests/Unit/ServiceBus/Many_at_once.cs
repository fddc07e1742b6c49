using System.Collections.Concurrent;
using Atomic.LocalHost.ServiceBus;
using Atomic.Testing.ServiceBus;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Atomic.Unit.ServiceBus;

public sealed class Many_at_once : IAsyncLifetime
{
    private const int Messages = 2_000;
    private const int Workers = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFile _file = new();

    private Broker _broker = null!;
    private ServiceBusClient _client = null!;

    public async Task InitializeAsync()
    {
        _broker = await Broker.OpenAsync(_file.Path, Topology.Read(ServiceBusConformance.TopologyFile), TimeProvider.System, NullLoggerFactory.Instance);
        _client = Connect(_broker);
    }

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        _file.Delete();
    }

    [Fact]
    public async Task Each_message_is_settled_once()
    {
        var (settled, left) = (new ConcurrentBag<string>(), Messages);
        using var done = new CancellationTokenSource(Patience);

        var receiving = Enumerable.Range(0, Workers).Select(_ => ReceiveAsync(body =>
        {
            settled.Add(body);
            if (Interlocked.Decrement(ref left) == 0) done.Cancel();
        }, done.Token)).ToList();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(SendAsync));
        await Task.WhenAll(receiving);

        Assert.Equal(Enumerable.Range(0, Messages).Select(number => $"{number}").Order(), settled.Order());
        Assert.Null(await _client.CreateReceiver("plain").PeekMessageAsync());
        Assert.Null(await _client.CreateReceiver("plain/$DeadLetterQueue").PeekMessageAsync());
    }

    private static EmbeddedServiceBusClient Connect(Broker broker) => new(broker);

    private async Task SendAsync(int worker)
    {
        await using var sender = _client.CreateSender("plain");
        for (var number = worker; number < Messages; number += Workers) await sender.SendMessageAsync(new ServiceBusMessage($"{number}"));
    }

    // Every fifth delivery is given back first, so that messages change hands.
    private async Task ReceiveAsync(Action<string> settled, CancellationToken done)
    {
        await using var receiver = _client.CreateReceiver("plain");
        while (!done.IsCancellationRequested)
        {
            try
            {
                var message = await receiver.ReceiveMessageAsync(Patience, done);
                if (message is null) continue;
                if (message is { DeliveryCount: 1, SequenceNumber: var number } && number % 5 == 0)
                {
                    await receiver.AbandonMessageAsync(message, cancellationToken: CancellationToken.None);
                    continue;
                }

                await receiver.CompleteMessageAsync(message, CancellationToken.None);
                settled(message.Body.ToString());
            }
            catch (OperationCanceledException) when (done.IsCancellationRequested)
            {
                return;
            }
        }
    }
}

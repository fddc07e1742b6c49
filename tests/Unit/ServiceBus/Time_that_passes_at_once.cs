using Atomic.LocalHost.ServiceBus;
using Atomic.Testing.ServiceBus;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Atomic.Unit.ServiceBus;

/// <summary>However late the broker looks at the clock, what was due earlier has happened earlier.</summary>
public sealed class Time_that_passes_at_once : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
    private readonly TemporaryFile _file = new();

    private Broker _broker = null!;
    private ServiceBusClient _client = null!;

    public async Task InitializeAsync()
    {
        _broker = await Broker.OpenAsync(_file.Path, Topology.Read(ServiceBusConformance.TopologyFile), _time, NullLoggerFactory.Instance);
        _client = Connect(_broker);
    }

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        _file.Delete();
    }

    [Fact]
    public async Task A_receiver_whose_wait_ended_before_a_message_came_gets_nothing()
    {
        await using var sender = _client.CreateSender("plain");
        await using var receiver = _client.CreateReceiver("plain");
        var due = _time.GetUtcNow() + TimeSpan.FromSeconds(30);
        await sender.ScheduleMessageAsync(new ServiceBusMessage("a"), due);
        var (shorter, longer) = (receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(29)), receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(31)));

        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Null(await shorter);
        Assert.Equal(due, (await longer)!.EnqueuedTime);
    }

    [Fact]
    public async Task A_message_is_delivered_as_often_as_locks_ran_out()
    {
        await using var sender = _client.CreateSender("plain");
        await using var receiver = _client.CreateReceiver("plain");
        await sender.SendMessageAsync(new ServiceBusMessage("a"));
        await receiver.ReceiveMessageAsync();
        var (second, third) = (receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(31)), receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(61)));

        _time.Advance(TimeSpan.FromSeconds(120));

        Assert.Equal((2, 3), ((await second)!.DeliveryCount, (await third)!.DeliveryCount));
        Assert.Equal("MaxDeliveryCountExceeded", (await _client.CreateReceiver("plain/$DeadLetterQueue").PeekMessageAsync())!.DeadLetterReason);
    }

    private static EmbeddedServiceBusClient Connect(Broker broker) => new(broker);
}

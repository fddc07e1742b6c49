using Atomic.LocalHost.ServiceBus;
using Atomic.Testing.ServiceBus;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Atomic.Unit.ServiceBus;

/// <summary>The conformance suite on the embedded broker, in virtual time.</summary>
public sealed class Embedded_service_bus : ServiceBusConformance
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
    private readonly TemporaryFile _file = new();

    private Broker _broker = null!;

    protected override DateTimeOffset Now => _time.GetUtcNow();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _broker.DisposeAsync();
        _file.Delete();
    }

    protected override async Task<ServiceBusClient> ConnectAsync()
    {
        _broker = await Broker.OpenAsync(_file.Path, Topology.Read(TopologyFile), _time, NullLoggerFactory.Instance);
        return new EmbeddedServiceBusClient(_broker);
    }

    // In steps, each followed by a question to the broker: what a timer has asked of it is done before it answers.
    protected override async Task AdvanceAsync(TimeSpan time)
    {
        await using var client = new EmbeddedServiceBusClient(_broker);
        await using var receiver = client.CreateReceiver("plain");
        for (var left = time; left > TimeSpan.Zero; left -= Step)
        {
            _time.Advance(left < Step ? left : Step);
            await receiver.PeekMessageAsync();
        }
    }
}

using Atomic.Functions.Bus;
using Azure.Messaging.ServiceBus;

namespace Atomic.Functions.Projections;

/// <summary>Finds how far a projection is behind by looking at what waits in its subscription.</summary>
public sealed class ProjectionLagProbe(ServiceBusClient bus, ProjectionMetrics metrics, TimeProvider time)
{
    /// <summary>How many waiting events are looked at: beyond that the lag is "at least".</summary>
    public const int Most = 250;

    public async Task<ProjectionLag> MeasureAsync(string projection, CancellationToken cancellation)
    {
        await using var receiver = bus.CreateReceiver(BusNames.Events, projection);
        var waiting = await receiver.PeekMessagesAsync(Most, cancellationToken: cancellation);
        var oldest = waiting.Count == 0 ? 0 : (time.GetUtcNow() - waiting.Min(message => message.EnqueuedTime)).TotalSeconds;
        var lag = new ProjectionLag(waiting.Count, waiting.Count == Most, Math.Round(Math.Max(0, oldest), 3));
        metrics.Measured(projection, lag);
        return lag;
    }
}

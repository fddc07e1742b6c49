using Atomic.EventSourcing;
using Atomic.Functions.Costs;
using Atomic.Messaging;
using Azure.Messaging.ServiceBus;

namespace Atomic.Functions.Bus;

/// <summary>
/// Publishes the events of commits to the topic, in as few batches as the broker's limit allows. An event whose data do not fit into a
/// message goes out as a notification.
/// </summary>
internal sealed class ServiceBusEventPublisher(BusSenders senders, FlowCounts flows) : IEventPublisher
{
    /// <summary>A message may have 256 KiB, of which its properties and the broker's own take some.</summary>
    private const int LargestBody = 240 * 1024;

    public Task PublishAsync(Commit commit, CancellationToken cancellation) => PublishAsync([commit], cancellation);

    public async Task PublishAsync(IReadOnlyList<Commit> commits, CancellationToken cancellation)
    {
        var events = commits.SelectMany(commit => commit.Events).ToList();
        var sender = senders.Of(BusNames.Events);
        if (events.Count == 1) await sender.SendMessageAsync(ToMessage(events[0]), cancellation);
        else if (events.Count > 1) await SendAsync(sender, events, cancellation);
        foreach (var e in events)
        {
            flows.Published(e.Stream.Context, e.Type);
            Meter.Sent(BusTopology.Declared.Readers.GetValueOrDefault(e.Stream.Context));
        }
    }

    private static async Task SendAsync(ServiceBusSender sender, List<RecordedEvent> events, CancellationToken cancellation)
    {
        for (var sent = 0; sent < events.Count;)
        {
            using var batch = await sender.CreateMessageBatchAsync(cancellation);
            while (sent < events.Count && batch.TryAddMessage(ToMessage(events[sent]))) sent++;
            if (batch.Count == 0) throw new InvalidOperationException($"{events[sent].Position} does not fit into a batch.");
            await sender.SendMessagesAsync(batch, cancellation);
        }
    }

    private static ServiceBusMessage ToMessage(RecordedEvent e)
    {
        var cloudEvent = CloudEvent.From(e);
        var body = BinaryData.FromObjectAsJson(cloudEvent, StorageJson.Options);
        if (body.ToMemory().Length > LargestBody) body = BinaryData.FromObjectAsJson(cloudEvent.AsNotification(), StorageJson.Options);
        return new ServiceBusMessage(body)
        {
            MessageId = cloudEvent.Id,
            Subject = cloudEvent.Type,
            CorrelationId = cloudEvent.CorrelationId,
            ContentType = CloudEvent.ContentType,
            ApplicationProperties = { ["context"] = e.Stream.Context, ["stream"] = e.Stream.ToString() },
        };
    }
}

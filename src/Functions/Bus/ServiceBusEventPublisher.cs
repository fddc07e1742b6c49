using Atomic.EventSourcing;
using Atomic.Messaging;
using Azure.Messaging.ServiceBus;

namespace Atomic.Functions.Bus;

/// <summary>Publishes the events of a commit to the topic, all in one batch.</summary>
internal sealed class ServiceBusEventPublisher(BusSenders senders) : IEventPublisher
{
    public Task PublishAsync(Commit commit, CancellationToken cancellation) => commit.Events.Count == 0
        ? Task.CompletedTask
        : senders.Of(BusNames.Events).SendMessagesAsync(commit.Events.Select(ToMessage), cancellation);

    private static ServiceBusMessage ToMessage(RecordedEvent e)
    {
        var cloudEvent = CloudEvent.From(e);
        return new ServiceBusMessage(BinaryData.FromObjectAsJson(cloudEvent, StorageJson.Options))
        {
            MessageId = cloudEvent.Id,
            Subject = cloudEvent.Type,
            CorrelationId = cloudEvent.CorrelationId,
            ContentType = CloudEvent.ContentType,
            ApplicationProperties = { ["context"] = e.Stream.Context, ["stream"] = e.Stream.ToString() },
        };
    }
}

using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>A message as it was at one moment: what a receiver is given, whatever becomes of the message.</summary>
internal sealed record Delivery(
    Content Content,
    long Sequence,
    long EnqueuedSequence,
    DateTimeOffset Enqueued,
    TimeSpan TimeToLive,
    int DeliveryCount,
    Guid LockToken,
    DateTimeOffset LockedUntil,
    ServiceBusMessageState State)
{
    public ServiceBusReceivedMessage ToReceived() => ServiceBusModelFactory.ServiceBusReceivedMessage(
        body: BinaryData.FromBytes(Content.Body),
        messageId: Content.MessageId,
        partitionKey: Content.PartitionKey,
        viaPartitionKey: Content.TransactionPartitionKey,
        sessionId: Content.SessionId,
        replyToSessionId: Content.ReplyToSessionId,
        timeToLive: TimeToLive,
        correlationId: Content.CorrelationId,
        subject: Content.Subject,
        to: Content.To,
        contentType: Content.ContentType,
        replyTo: Content.ReplyTo,
        scheduledEnqueueTime: Content.ScheduledEnqueueTime,
        properties: Content.Properties.ToDictionary(pair => pair.Key, pair => pair.Value!),
        lockTokenGuid: LockToken,
        deliveryCount: DeliveryCount,
        lockedUntil: LockedUntil,
        sequenceNumber: Sequence,
        enqueuedSequenceNumber: EnqueuedSequence,
        enqueuedTime: Enqueued,
        serviceBusMessageState: State);
}

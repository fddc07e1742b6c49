using System.Collections.ObjectModel;
using System.Globalization;

namespace Azure.Messaging.ServiceBus;

public class ServiceBusReceivedMessage
{
    internal const string ReasonProperty = "DeadLetterReason";
    internal const string DescriptionProperty = "DeadLetterErrorDescription";

    internal ServiceBusReceivedMessage(BinaryData body, IDictionary<string, object> properties)
    {
        Body = body;
        ApplicationProperties = new ReadOnlyDictionary<string, object>(properties);
    }

    internal Guid LockTokenGuid { get; init; }

    public BinaryData Body { get; }

    public string? MessageId { get; internal init; }

    public string? PartitionKey { get; internal init; }

    public string? TransactionPartitionKey { get; internal init; }

    public string? SessionId { get; internal init; }

    public string? ReplyToSessionId { get; internal init; }

    public TimeSpan TimeToLive { get; internal init; }

    public string? CorrelationId { get; internal init; }

    public string? Subject { get; internal init; }

    public string? To { get; internal init; }

    public string? ContentType { get; internal init; }

    public string? ReplyTo { get; internal init; }

    public DateTimeOffset ScheduledEnqueueTime { get; internal init; }

    public IReadOnlyDictionary<string, object> ApplicationProperties { get; }

    public string LockToken => LockTokenGuid.ToString();

    public int DeliveryCount { get; internal init; }

    public DateTimeOffset LockedUntil { get; internal set; }

    public long SequenceNumber { get; internal init; }

    public string? DeadLetterSource { get; internal init; }

    public long EnqueuedSequenceNumber { get; internal init; }

    public DateTimeOffset EnqueuedTime { get; internal init; }

    public DateTimeOffset ExpiresAt => TimeToLive >= DateTimeOffset.MaxValue.Subtract(EnqueuedTime)
        ? DateTimeOffset.MaxValue
        : EnqueuedTime.Add(TimeToLive);

    public string? DeadLetterReason => ApplicationProperties.TryGetValue(ReasonProperty, out var reason) ? reason as string : null;

    public string? DeadLetterErrorDescription =>
        ApplicationProperties.TryGetValue(DescriptionProperty, out var description) ? description as string : null;

    public ServiceBusMessageState State { get; internal init; }

    public override string ToString() => string.Format(CultureInfo.CurrentCulture, "{{MessageId:{0}}}", MessageId);
}

using Atomic.LocalHost.ServiceBus.Storage;
using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>What a sender sent: immutable, shared by all copies of a message, and kept in its stored form, of which the body is a part.</summary>
internal sealed record Content
{
    public required string MessageId { get; init; }

    public string? SessionId { get; init; }

    public string? ReplyToSessionId { get; init; }

    public string? PartitionKey { get; init; }

    public string? TransactionPartitionKey { get; init; }

    public string? CorrelationId { get; init; }

    public string? Subject { get; init; }

    public string? To { get; init; }

    public string? ContentType { get; init; }

    public string? ReplyTo { get; init; }

    public TimeSpan TimeToLive { get; init; }

    public DateTimeOffset ScheduledEnqueueTime { get; init; }

    public IReadOnlyDictionary<string, object?> Properties { get; init; } = new Dictionary<string, object?>();

    public ReadOnlyMemory<byte> Body { get; init; }

    public byte[] Stored { get; init; } = [];

    /// <summary>Bytes that count against the limit of a message: all of it, and an allowance for what AMQP adds to each part.</summary>
    public int Size => Stored.Length + 128 + (8 * Properties.Count);

    /// <exception cref="NotSupportedException">An application property is of a type that Service Bus does not carry.</exception>
    public static Content From(ServiceBusMessage message) => ContentFormat.Store(new Content
    {
        // The service gives an id to a message that comes without.
        MessageId = message.MessageId ?? Guid.NewGuid().ToString("N"),
        SessionId = message.SessionId,
        ReplyToSessionId = message.ReplyToSessionId,
        PartitionKey = message.PartitionKey,
        TransactionPartitionKey = message.TransactionPartitionKey,
        CorrelationId = message.CorrelationId,
        Subject = message.Subject,
        To = message.To,
        ContentType = message.ContentType,
        ReplyTo = message.ReplyTo,
        TimeToLive = message.TimeToLive,
        ScheduledEnqueueTime = message.ScheduledEnqueueTime,
        Properties = message.ApplicationProperties.ToDictionary(pair => pair.Key, object? (pair) => pair.Value),
        Body = message.Body.ToMemory(),
    });

    /// <summary>The same with some application properties set.</summary>
    public Content With(IReadOnlyCollection<KeyValuePair<string, object>> changes)
    {
        if (changes.Count == 0) return this;
        var properties = new Dictionary<string, object?>(Properties);
        foreach (var (name, value) in changes) properties[name] = value;
        return ContentFormat.Store(this with { Properties = properties });
    }
}

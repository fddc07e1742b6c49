using System.Globalization;

namespace Azure.Messaging.ServiceBus;

public class ServiceBusMessage
{
    private const int MaxIdLength = 128;

    private string? _messageId;
    private string? _sessionId;
    private string? _replyToSessionId;
    private string? _partitionKey;
    private string? _transactionPartitionKey;
    private TimeSpan _timeToLive = TimeSpan.MaxValue;

    public ServiceBusMessage()
        : this(default(ReadOnlyMemory<byte>))
    {
    }

    public ServiceBusMessage(string? body)
        : this(BinaryData.FromString(body ?? string.Empty))
    {
    }

    public ServiceBusMessage(ReadOnlyMemory<byte> body)
        : this(BinaryData.FromBytes(body))
    {
    }

    public ServiceBusMessage(BinaryData body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Body = body;
    }

    public ServiceBusMessage(ServiceBusReceivedMessage receivedMessage)
    {
        ArgumentNullException.ThrowIfNull(receivedMessage);
        Body = receivedMessage.Body;
        _messageId = receivedMessage.MessageId;
        _sessionId = receivedMessage.SessionId;
        _replyToSessionId = receivedMessage.ReplyToSessionId;
        _partitionKey = receivedMessage.PartitionKey;
        _transactionPartitionKey = receivedMessage.TransactionPartitionKey;
        _timeToLive = receivedMessage.TimeToLive;
        CorrelationId = receivedMessage.CorrelationId;
        Subject = receivedMessage.Subject;
        To = receivedMessage.To;
        ContentType = receivedMessage.ContentType;
        ReplyTo = receivedMessage.ReplyTo;
        ScheduledEnqueueTime = receivedMessage.ScheduledEnqueueTime;
        foreach (var (name, value) in receivedMessage.ApplicationProperties)
        {
            if (name is not (ServiceBusReceivedMessage.ReasonProperty or ServiceBusReceivedMessage.DescriptionProperty))
                ApplicationProperties.Add(name, value);
        }
    }

    public BinaryData Body { get; set; }

    public string? MessageId
    {
        get => _messageId;
        set => _messageId = !string.IsNullOrEmpty(value) && value.Length <= MaxIdLength
            ? value
            : throw new ArgumentException($"MessageId must have 1 to {MaxIdLength} characters.", nameof(MessageId));
    }

    public string? PartitionKey
    {
        get => _partitionKey;
        set
        {
            AssertLength(value, nameof(PartitionKey));
            if (value is not null && _sessionId is not null && value != _sessionId)
                throw new ArgumentOutOfRangeException(nameof(PartitionKey), value, $"PartitionKey cannot differ from SessionId '{_sessionId}'.");
            _partitionKey = value;
        }
    }

    public string? TransactionPartitionKey
    {
        get => _transactionPartitionKey;
        set
        {
            AssertLength(value, nameof(TransactionPartitionKey));
            _transactionPartitionKey = value;
        }
    }

    public string? SessionId
    {
        get => _sessionId;
        set
        {
            AssertLength(value, nameof(SessionId));
            _sessionId = value;
            if (_partitionKey is not null) _partitionKey = value;
        }
    }

    public string? ReplyToSessionId
    {
        get => _replyToSessionId;
        set
        {
            AssertLength(value, nameof(ReplyToSessionId));
            _replyToSessionId = value;
        }
    }

    public TimeSpan TimeToLive
    {
        get => _timeToLive;
        set => _timeToLive = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(TimeToLive));
    }

    public string? CorrelationId { get; set; }

    public string? Subject { get; set; }

    public string? To { get; set; }

    public string? ContentType { get; set; }

    public string? ReplyTo { get; set; }

    public DateTimeOffset ScheduledEnqueueTime { get; set; }

    public IDictionary<string, object> ApplicationProperties { get; } = new Dictionary<string, object>();

    public override string ToString() => string.Format(CultureInfo.CurrentCulture, "{{MessageId:{0}}}", MessageId);

    private static void AssertLength(string? value, string name)
    {
        if (value?.Length > MaxIdLength)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must have at most {MaxIdLength} characters.");
    }
}

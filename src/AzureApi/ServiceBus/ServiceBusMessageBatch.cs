namespace Azure.Messaging.ServiceBus;

public sealed class ServiceBusMessageBatch : IDisposable
{
    private readonly IList<ServiceBusMessage> _messages;
    private readonly Func<ServiceBusMessage, bool> _tryAdd;

    internal ServiceBusMessageBatch(long maxSizeInBytes, long sizeInBytes, IList<ServiceBusMessage> messages, Func<ServiceBusMessage, bool> tryAdd)
    {
        MaxSizeInBytes = maxSizeInBytes;
        SizeInBytes = sizeInBytes;
        _messages = messages;
        _tryAdd = tryAdd;
    }

    public long MaxSizeInBytes { get; }

    public long SizeInBytes { get; }

    public int Count => _messages.Count;

    public bool TryAddMessage(ServiceBusMessage message)
    {
        if (!_tryAdd(message)) return false;
        _messages.Add(message);
        return true;
    }

    public void Dispose() => _messages.Clear();
}

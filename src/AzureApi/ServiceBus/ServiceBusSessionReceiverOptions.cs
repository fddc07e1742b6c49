namespace Azure.Messaging.ServiceBus;

public class ServiceBusSessionReceiverOptions
{
    private int _prefetchCount;

    public ServiceBusReceiveMode ReceiveMode { get; set; } = ServiceBusReceiveMode.PeekLock;

    public int PrefetchCount
    {
        get => _prefetchCount;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(PrefetchCount));
            _prefetchCount = value;
        }
    }

    public string? Identifier { get; set; }
}

namespace Azure.Messaging.ServiceBus;

public class ServiceBusClientOptions
{
    private ServiceBusRetryOptions _retryOptions = new();

    public ServiceBusTransportType TransportType { get; set; } = ServiceBusTransportType.AmqpTcp;

    public string? Identifier { get; set; }

    public bool EnableCrossEntityTransactions { get; set; }

    public ServiceBusRetryOptions RetryOptions
    {
        get => _retryOptions;
        set => _retryOptions = value ?? throw new ArgumentNullException(nameof(RetryOptions));
    }
}

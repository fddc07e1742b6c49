namespace Azure.Messaging.ServiceBus;

public abstract class ServiceBusRetryPolicy
{
    public abstract TimeSpan CalculateTryTimeout(int attemptCount);

    public abstract TimeSpan? CalculateRetryDelay(Exception lastException, int attemptCount);
}

using Atomic.AzureApi;

namespace Azure.Messaging.ServiceBus;

public class ServiceBusSessionReceiver : ServiceBusReceiver
{
    protected ServiceBusSessionReceiver()
    {
    }

    public virtual string SessionId => throw Declared.Only();

    public override bool IsClosed => throw Declared.Only();

    public virtual DateTimeOffset SessionLockedUntil => throw Declared.Only();

    public virtual Task<BinaryData?> GetSessionStateAsync(CancellationToken cancellationToken = default) => throw Declared.Only();

    public virtual Task SetSessionStateAsync(BinaryData? sessionState, CancellationToken cancellationToken = default) => throw Declared.Only();

    public virtual Task RenewSessionLockAsync(CancellationToken cancellationToken = default) => throw Declared.Only();
}

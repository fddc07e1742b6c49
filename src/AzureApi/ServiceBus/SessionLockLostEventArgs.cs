namespace Azure.Messaging.ServiceBus;

public class SessionLockLostEventArgs : EventArgs
{
    public SessionLockLostEventArgs(ServiceBusReceivedMessage message, DateTimeOffset sessionLockedUntil, Exception? exception)
    {
        Message = message;
        SessionLockedUntil = sessionLockedUntil;
        Exception = exception;
    }

    public ServiceBusReceivedMessage Message { get; }

    public DateTimeOffset SessionLockedUntil { get; }

    public Exception? Exception { get; }
}

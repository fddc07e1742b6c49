using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Processing;

internal sealed class MessageArguments(
    ServiceBusReceivedMessage message, ServiceBusReceiver receiver, string identifier, CancellationToken cancellation)
    : ProcessMessageEventArgs(message, receiver, identifier, cancellation)
{
    public Task LoseLockAsync(Exception? e) => OnMessageLockLostAsync(new MessageLockLostEventArgs(Message, e));
}

internal sealed class SessionMessageArguments(
    ServiceBusReceivedMessage message, ServiceBusSessionReceiver receiver, string identifier, Action release, CancellationToken cancellation)
    : ProcessSessionMessageEventArgs(message, receiver, identifier, cancellation)
{
    public Task LoseLockAsync(Exception? e) => OnSessionLockLostAsync(new SessionLockLostEventArgs(Message, SessionLockedUntil, e));

    public override void ReleaseSession() => release();
}

internal sealed class SessionArguments(ServiceBusSessionReceiver receiver, string identifier, Action release, CancellationToken cancellation)
    : ProcessSessionEventArgs(receiver, identifier, cancellation)
{
    public override void ReleaseSession() => release();
}

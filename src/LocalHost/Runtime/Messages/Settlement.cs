using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.Runtime.Messages;

/// <summary>The acts of settlement, wherever a message came from: a processor, a session processor or a receiver.</summary>
internal sealed record Settlement(
    Func<ServiceBusReceivedMessage, CancellationToken, Task> Complete,
    Func<ServiceBusReceivedMessage, IDictionary<string, object>?, CancellationToken, Task> Abandon,
    Func<ServiceBusReceivedMessage, Dictionary<string, object>?, string?, string?, CancellationToken, Task> DeadLetter,
    Func<ServiceBusReceivedMessage, IDictionary<string, object>?, CancellationToken, Task> Defer,
    Func<ServiceBusReceivedMessage, CancellationToken, Task> Renew)
{
    public static Settlement By(ProcessMessageEventArgs args) => new(
        args.CompleteMessageAsync,
        args.AbandonMessageAsync,
        (message, properties, reason, description, cancellation) => reason is null
            ? args.DeadLetterMessageAsync(message, properties, cancellation)
            : args.DeadLetterMessageAsync(message, properties, reason, description, cancellation),
        args.DeferMessageAsync,
        args.RenewMessageLockAsync);

    public static Settlement By(ProcessSessionMessageEventArgs args) => new(
        args.CompleteMessageAsync,
        args.AbandonMessageAsync,
        (message, properties, reason, description, cancellation) => reason is null
            ? args.DeadLetterMessageAsync(message, properties, cancellation)
            : args.DeadLetterMessageAsync(message, properties, reason, description, cancellation),
        args.DeferMessageAsync,
        // The lock of a message of a session is that of its session.
        (_, cancellation) => args.RenewSessionLockAsync(cancellation));

    public static Settlement By(ServiceBusReceiver receiver) => new(
        receiver.CompleteMessageAsync,
        receiver.AbandonMessageAsync,
        (message, properties, reason, description, cancellation) => reason is null
            ? receiver.DeadLetterMessageAsync(message, properties, cancellation)
            : receiver.DeadLetterMessageAsync(message, properties, reason, description, cancellation),
        receiver.DeferMessageAsync,
        receiver.RenewMessageLockAsync);
}

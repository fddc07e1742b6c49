using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Client;

internal sealed class EmbeddedSessionReceiver(SessionLink session) : ServiceBusSessionReceiver
{
    internal ReceiveLink Link => session.Link;

    public override string SessionId => session.Key.Id;

    public override DateTimeOffset SessionLockedUntil => session.LockedUntil;

    public override string FullyQualifiedNamespace => Connection.Namespace;

    public override string EntityPath => Link.EntityPath;

    public override ServiceBusReceiveMode ReceiveMode => Link.Mode;

    public override int PrefetchCount => Link.Prefetch;

    public override string Identifier => Link.Identifier;

    public override bool IsClosed => Link.IsClosed || session.IsLost;

    public override Task<ServiceBusReceivedMessage?> ReceiveMessageAsync(
        TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default) => Link.ReceiveOneAsync(maxWaitTime, cancellationToken);

    public override Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(
        int maxMessages, TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default) =>
        Link.ReceiveAsync(maxMessages, maxWaitTime, cancellationToken);

    public override IAsyncEnumerable<ServiceBusReceivedMessage> ReceiveMessagesAsync(CancellationToken cancellationToken = default) =>
        Link.ReceiveAllAsync(cancellationToken);

    public override async Task<ServiceBusReceivedMessage?> PeekMessageAsync(
        long? fromSequenceNumber = null, CancellationToken cancellationToken = default) =>
        (await Link.PeekAsync(1, fromSequenceNumber, cancellationToken)) is [var peeked] ? peeked : null;

    public override Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(
        int maxMessages, long? fromSequenceNumber = null, CancellationToken cancellationToken = default) =>
        Link.PeekAsync(maxMessages, fromSequenceNumber, cancellationToken);

    public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        Link.CompleteAsync(message, cancellationToken);

    public override Task AbandonMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default) => Link.AbandonAsync(message, propertiesToModify, cancellationToken);

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default) => Link.DeadLetterAsync(message, propertiesToModify, null, null, cancellationToken);

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify,
        string deadLetterReason,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) =>
        Link.DeadLetterAsync(message, propertiesToModify, deadLetterReason, deadLetterErrorDescription, cancellationToken);

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        string deadLetterReason,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) =>
        Link.DeadLetterAsync(message, null, deadLetterReason, deadLetterErrorDescription, cancellationToken);

    public override Task DeferMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default) => Link.DeferAsync(message, propertiesToModify, cancellationToken);

    public override async Task<ServiceBusReceivedMessage> ReceiveDeferredMessageAsync(
        long sequenceNumber, CancellationToken cancellationToken = default) =>
        (await Link.ReceiveDeferredAsync([sequenceNumber], cancellationToken))[0];

    public override Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveDeferredMessagesAsync(
        IEnumerable<long> sequenceNumbers, CancellationToken cancellationToken = default) =>
        Link.ReceiveDeferredAsync(sequenceNumbers, cancellationToken);

    public override Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        Link.RenewAsync(message, cancellationToken);

    public override Task<BinaryData?> GetSessionStateAsync(CancellationToken cancellationToken = default) =>
        session.GetStateAsync(cancellationToken);

    public override Task SetSessionStateAsync(BinaryData? sessionState, CancellationToken cancellationToken = default) =>
        session.SetStateAsync(sessionState, cancellationToken);

    public override Task RenewSessionLockAsync(CancellationToken cancellationToken = default) => session.RenewAsync(cancellationToken);

    public override Task CloseAsync(CancellationToken cancellationToken = default)
    {
        Link.Close();
        return Task.CompletedTask;
    }
}

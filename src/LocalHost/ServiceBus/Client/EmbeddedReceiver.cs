using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Client;

internal sealed class EmbeddedReceiver(ReceiveLink link) : ServiceBusReceiver
{
    public override string FullyQualifiedNamespace => Connection.Namespace;

    public override string EntityPath => link.EntityPath;

    public override ServiceBusReceiveMode ReceiveMode => link.Mode;

    public override int PrefetchCount => link.Prefetch;

    public override string Identifier => link.Identifier;

    public override bool IsClosed => link.IsClosed;

    public override Task<ServiceBusReceivedMessage?> ReceiveMessageAsync(
        TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default) => link.ReceiveOneAsync(maxWaitTime, cancellationToken);

    public override Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(
        int maxMessages, TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default) =>
        link.ReceiveAsync(maxMessages, maxWaitTime, cancellationToken);

    public override IAsyncEnumerable<ServiceBusReceivedMessage> ReceiveMessagesAsync(CancellationToken cancellationToken = default) =>
        link.ReceiveAllAsync(cancellationToken);

    public override async Task<ServiceBusReceivedMessage?> PeekMessageAsync(
        long? fromSequenceNumber = null, CancellationToken cancellationToken = default) =>
        (await link.PeekAsync(1, fromSequenceNumber, cancellationToken)) is [var peeked] ? peeked : null;

    public override Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(
        int maxMessages, long? fromSequenceNumber = null, CancellationToken cancellationToken = default) =>
        link.PeekAsync(maxMessages, fromSequenceNumber, cancellationToken);

    public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        link.CompleteAsync(message, cancellationToken);

    public override Task AbandonMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default) => link.AbandonAsync(message, propertiesToModify, cancellationToken);

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default) => link.DeadLetterAsync(message, propertiesToModify, null, null, cancellationToken);

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify,
        string deadLetterReason,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) =>
        link.DeadLetterAsync(message, propertiesToModify, deadLetterReason, deadLetterErrorDescription, cancellationToken);

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        string deadLetterReason,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) =>
        link.DeadLetterAsync(message, null, deadLetterReason, deadLetterErrorDescription, cancellationToken);

    public override Task DeferMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default) => link.DeferAsync(message, propertiesToModify, cancellationToken);

    public override async Task<ServiceBusReceivedMessage> ReceiveDeferredMessageAsync(
        long sequenceNumber, CancellationToken cancellationToken = default) =>
        (await link.ReceiveDeferredAsync([sequenceNumber], cancellationToken))[0];

    public override Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveDeferredMessagesAsync(
        IEnumerable<long> sequenceNumbers, CancellationToken cancellationToken = default) =>
        link.ReceiveDeferredAsync(sequenceNumbers, cancellationToken);

    public override Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        link.RenewAsync(message, cancellationToken);

    public override Task CloseAsync(CancellationToken cancellationToken = default)
    {
        link.Close();
        return Task.CompletedTask;
    }
}

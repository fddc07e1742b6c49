using System.Runtime.CompilerServices;
using Atomic.LocalHost.ServiceBus.Entities;
using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Client;

internal sealed class EmbeddedSender(Connection connection, string path, string? identifier) : ServiceBusSender
{
    // A batch does not give away what is in it.
    private static readonly ConditionalWeakTable<ServiceBusMessageBatch, List<ServiceBusMessage>> Batches = [];

    private bool _isClosed;

    public override string FullyQualifiedNamespace => Connection.Namespace;

    public override string EntityPath => path;

    public override bool IsClosed => _isClosed;

    public override string Identifier { get; } = identifier ?? $"{path}-{Guid.NewGuid()}";

    public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return SendAsync([message], cancellationToken);
    }

    public override Task SendMessagesAsync(IEnumerable<ServiceBusMessage> messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return SendAsync([.. messages], cancellationToken);
    }

    public override Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messageBatch);
        return Batches.TryGetValue(messageBatch, out var messages)
            ? SendAsync([.. messages], cancellationToken)
            : throw new InvalidOperationException("A batch can be sent only by a client of the kind that created it.");
    }

    public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default) =>
        CreateMessageBatchAsync(new CreateMessageBatchOptions(), cancellationToken);

    public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(
        CreateMessageBatchOptions? options, CancellationToken cancellationToken = default)
    {
        connection.ThrowIfUnusable(_isClosed, nameof(ServiceBusSender), cancellationToken);
        var limit = options?.MaxSizeInBytes ?? Connection.LargestMessage;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, Connection.LargestMessage, nameof(options));
        var (messages, size) = (new List<ServiceBusMessage>(), 0L);
        var batch = ServiceBusModelFactory.ServiceBusMessageBatch(0, messages, new CreateMessageBatchOptions { MaxSizeInBytes = limit }, message =>
        {
            var added = Content.From(message).Size;
            if (size + added > limit) return false;
            size += added;
            return true;
        });
        Batches.Add(batch, messages);
        return ValueTask.FromResult(batch);
    }

    public override async Task<long> ScheduleMessageAsync(
        ServiceBusMessage message, DateTimeOffset scheduledEnqueueTime, CancellationToken cancellationToken = default) =>
        (await ScheduleMessagesAsync([message], scheduledEnqueueTime, cancellationToken))[0];

    public override Task<IReadOnlyList<long>> ScheduleMessagesAsync(
        IEnumerable<ServiceBusMessage> messages, DateTimeOffset scheduledEnqueueTime, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var scheduled = messages.ToList();
        foreach (var message in scheduled) message.ScheduledEnqueueTime = scheduledEnqueueTime;
        return SendAsync(scheduled, cancellationToken);
    }

    public override Task CancelScheduledMessageAsync(long sequenceNumber, CancellationToken cancellationToken = default) =>
        CancelScheduledMessagesAsync([sequenceNumber], cancellationToken);

    public override async Task CancelScheduledMessagesAsync(IEnumerable<long> sequenceNumbers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sequenceNumbers);
        connection.ThrowIfUnusable(_isClosed, nameof(ServiceBusSender), cancellationToken);
        var cancelled = sequenceNumbers.ToList();
        await connection.Broker.AskAsync(entities =>
        {
            entities.Destination(path).CancelScheduled(cancelled);
            return true;
        });
    }

    public override Task CloseAsync(CancellationToken cancellationToken = default)
    {
        _isClosed = true;
        return Task.CompletedTask;
    }

    private async Task<IReadOnlyList<long>> SendAsync(List<ServiceBusMessage> messages, CancellationToken cancellation)
    {
        connection.ThrowIfUnusable(_isClosed, nameof(ServiceBusSender), cancellation);
        if (messages.Count == 0) return [];
        var contents = messages.Select(Content.From).ToList();
        var size = contents.Sum(content => (long)content.Size);
        if (size > Connection.LargestMessage) throw Failures.MessageSizeExceeded(path, size, Connection.LargestMessage);
        return await connection.Broker.AskAsync(entities => entities.Destination(path).Send(contents));
    }
}

using Azure.Messaging.ServiceBus;

namespace Atomic.Testing.ServiceBus;

/// <summary>Counts the messages that the app sends, one by one and in batches.</summary>
public sealed class CountedBus(ServiceBusClient inner) : ServiceBusClient
{
    private int _sent;

    public int Sent => Volatile.Read(ref _sent);

    public override ServiceBusSender CreateSender(string queueOrTopicName) => new CountedSender(this, inner.CreateSender(queueOrTopicName));

    /// <summary>The client belongs to who made it.</summary>
#pragma warning disable CA2215
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
#pragma warning restore CA2215

    private sealed class CountedSender(CountedBus bus, ServiceBusSender inner) : ServiceBusSender
    {
        public override string EntityPath => inner.EntityPath;

        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref bus._sent);
            return inner.SendMessageAsync(message, cancellationToken);
        }

        public override Task SendMessagesAsync(IEnumerable<ServiceBusMessage> messages, CancellationToken cancellationToken = default)
        {
            var all = messages.ToList();
            Interlocked.Add(ref bus._sent, all.Count);
            return inner.SendMessagesAsync(all, cancellationToken);
        }

        public override Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
        {
            Interlocked.Add(ref bus._sent, messageBatch.Count);
            return inner.SendMessagesAsync(messageBatch, cancellationToken);
        }

        public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default) =>
            inner.CreateMessageBatchAsync(cancellationToken);

        public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(
            CreateMessageBatchOptions? options, CancellationToken cancellationToken = default) =>
            inner.CreateMessageBatchAsync(options, cancellationToken);

        public override Task<long> ScheduleMessageAsync(
            ServiceBusMessage message, DateTimeOffset scheduledEnqueueTime, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref bus._sent);
            return inner.ScheduleMessageAsync(message, scheduledEnqueueTime, cancellationToken);
        }

#pragma warning disable CA2215
        public override ValueTask DisposeAsync() => inner.DisposeAsync();
#pragma warning restore CA2215
    }
}

using Atomic.LocalHost.Runtime.Settings;
using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.Runtime.Messages;

/// <summary>Gathers a batch: what is there, up to the most; when that is less than the least, what comes until the wait is over.</summary>
internal sealed class BatchCollector(ServiceBusSettings settings, TimeProvider time)
{
    /// <param name="idle">How long to wait for a first message; null for as long as the client's own options say.</param>
    /// <returns>None when no message came in time.</returns>
    public async Task<IReadOnlyList<ServiceBusReceivedMessage>> CollectAsync(
        ServiceBusReceiver receiver, TimeSpan? idle, CancellationToken cancellation)
    {
        var first = await receiver.ReceiveMessagesAsync(settings.MaxMessageBatchSize, idle, cancellation);
        if (first.Count == 0 || first.Count >= settings.MinMessageBatchSize) return first;

        var batch = first.ToList();
        var began = time.GetTimestamp();
        while (batch.Count < settings.MinMessageBatchSize && settings.MaxBatchWaitTime - time.GetElapsedTime(began) is { Ticks: > 0 } remaining)
        {
            try
            {
                batch.AddRange(await receiver.ReceiveMessagesAsync(settings.MaxMessageBatchSize - batch.Count, remaining, cancellation));
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // What was taken is delivered before the host stops.
                return batch;
            }
        }

        return batch;
    }
}

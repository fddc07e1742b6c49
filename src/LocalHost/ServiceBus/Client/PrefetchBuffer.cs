using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Client;

/// <summary>Messages that were received ahead of being asked for. Their locks run; one that has run out is not handed on.</summary>
internal sealed class PrefetchBuffer(TimeProvider time)
{
    private readonly Queue<ServiceBusReceivedMessage> _messages = [];

    public IReadOnlyList<ServiceBusReceivedMessage> Take(int max)
    {
        lock (_messages)
        {
            var taken = new List<ServiceBusReceivedMessage>();
            while (taken.Count < max && _messages.TryDequeue(out var message))
            {
                if (IsUsable(message)) taken.Add(message);
            }

            return taken;
        }
    }

    /// <summary>Keeps what is more than <paramref name="max"/>, and gives the rest.</summary>
    public IReadOnlyList<ServiceBusReceivedMessage> Keep(IReadOnlyList<ServiceBusReceivedMessage> received, int max)
    {
        if (received.Count <= max) return received;
        lock (_messages)
        {
            foreach (var message in received.Skip(max)) _messages.Enqueue(message);
        }

        return [.. received.Take(max)];
    }

    // Without a lock it was deleted when it was received, and is nowhere else.
    private bool IsUsable(ServiceBusReceivedMessage message) => message.LockedUntil == default || message.LockedUntil > time.GetUtcNow();
}

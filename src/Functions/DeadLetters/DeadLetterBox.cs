using System.Runtime.CompilerServices;
using Atomic.Functions.Bus;
using Azure.Messaging.ServiceBus;

namespace Atomic.Functions.DeadLetters;

/// <summary>The dead-letter queues of all entities: looking into them, and taking one message out.</summary>
public sealed class DeadLetterBox(ServiceBusClient bus)
{
    /// <summary>How many messages of an entity are listed.</summary>
    public const int MostListed = 200;

    // A message can be taken only by receiving those before it, which are given back.
    private const int MostPassed = 2000;
    private const int ReceivedAtOnce = 100;
    private const int PeekedAtOnce = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekAsync(BusEntity entity, int most, CancellationToken cancellation)
    {
        await using var receiver = Open(entity);
        return await receiver.PeekMessagesAsync(most, cancellationToken: cancellation);
    }

    /// <summary>All of them, from the oldest on.</summary>
    public async IAsyncEnumerable<ServiceBusReceivedMessage> PeekAllAsync(BusEntity entity, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var receiver = Open(entity);
        // The receiver goes on behind what it saw last.
        while (await receiver.PeekMessagesAsync(PeekedAtOnce, cancellationToken: cancellation) is { Count: > 0 } messages)
        {
            foreach (var message in messages) yield return message;
        }
    }

    /// <summary>The message; null when it is there no more.</summary>
    public async Task<ServiceBusReceivedMessage?> FindAsync(DeadLetterId id, CancellationToken cancellation)
    {
        await using var receiver = Open(id.Entity);
        var found = await receiver.PeekMessagesAsync(1, id.SequenceNumber, cancellation);
        return found is [var message] && message.SequenceNumber == id.SequenceNumber ? message : null;
    }

    /// <summary>
    /// Takes the message out once <paramref name="before"/> has been done; killed in between, it is still there. False when it is there no
    /// more, held by someone else who is at it, or behind more than are passed over.
    /// </summary>
    public async Task<bool> TakeAsync(DeadLetterId id, Func<ServiceBusReceivedMessage, Task> before, CancellationToken cancellation)
    {
        await using var receiver = Open(id.Entity);
        var (passed, wanted) = await LockAsync(receiver, id.SequenceNumber, cancellation);
        try
        {
            if (wanted is null) return false;
            await before(wanted);
            await receiver.CompleteMessageAsync(wanted, cancellation);
            wanted = null;
            return true;
        }
        finally
        {
            foreach (var message in wanted is null ? passed : passed.Append(wanted)) await receiver.AbandonMessageAsync(message, cancellationToken: CancellationToken.None);
        }
    }

    private static async Task<(List<ServiceBusReceivedMessage> Passed, ServiceBusReceivedMessage? Wanted)> LockAsync(
        ServiceBusReceiver receiver, long sequenceNumber, CancellationToken cancellation)
    {
        var passed = new List<ServiceBusReceivedMessage>();
        while (passed.Count < MostPassed)
        {
            var received = await receiver.ReceiveMessagesAsync(ReceivedAtOnce, Patience, cancellation);
            passed.AddRange(received.Where(message => message.SequenceNumber != sequenceNumber));
            if (received.FirstOrDefault(message => message.SequenceNumber == sequenceNumber) is { } wanted) return (passed, wanted);
            if (received.Count == 0) break;
        }

        return (passed, null);
    }

    private ServiceBusReceiver Open(BusEntity entity)
    {
        var options = new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter };
        return entity.Subscription is null ? bus.CreateReceiver(entity.Name, options) : bus.CreateReceiver(entity.Name, entity.Subscription, options);
    }
}

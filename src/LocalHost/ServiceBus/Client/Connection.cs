using System.Transactions;
using Atomic.LocalHost.ServiceBus.Entities;
using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Client;

/// <summary>What a client and everything it creates share: the broker, and whether the client is still open.</summary>
internal sealed class Connection
{
    /// <summary>The limit of a message, and of all that is sent at once: that of the Standard tier.</summary>
    public const long LargestMessage = 256 * 1024;

    public const string Namespace = "localhost";

    public Connection(Broker broker, ServiceBusClientOptions options)
    {
        if (options.EnableCrossEntityTransactions) throw NotHonoured(nameof(options.EnableCrossEntityTransactions));
        if (options.RetryOptions.CustomRetryPolicy is not null) throw NotHonoured(nameof(options.RetryOptions.CustomRetryPolicy));
        (Broker, Retry) = (broker, options.RetryOptions);
    }

    public Broker Broker { get; }

    /// <summary>The time of one try is how long a receive waits by default; the delays are those of a processor that cannot receive.</summary>
    public ServiceBusRetryOptions Retry { get; }

    public bool IsClosed { get; private set; }

    public void Close()
    {
        IsClosed = true;
        Broker.Tell(entities => entities.Waiting.Refuse(
            waiter => waiter.Owner == this || (waiter.Owner is ReceiveLink link && link.Connection == this),
            () => new ObjectDisposedException(nameof(ServiceBusClient))));
    }

    /// <exception cref="NotSupportedException">It takes part in a transaction, which the embedded broker has none of.</exception>
    public void ThrowIfUnusable(bool isClosed, string name, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(isClosed, name);
        ObjectDisposedException.ThrowIf(IsClosed, nameof(ServiceBusClient));
        cancellation.ThrowIfCancellationRequested();
        if (Transaction.Current is not null) throw new NotSupportedException("The embedded Service Bus has no transactions.");
    }

    /// <summary>Waits until the broker answers, the time is over, or the wait is cancelled. An answer that was given is never lost.</summary>
    public async Task<T> WaitAsync<T>(
        Func<EntitySet, Reply<T>, DateTimeOffset, Waiter> join, TimeSpan wait, CancellationToken cancellation)
    {
        Waiter? waiter = null;
        var answer = Broker.AskAsync<T>((entities, reply) => waiter = join(entities, reply, DeadlineOf(entities.Now, wait)));
        await using var registration = cancellation.UnsafeRegister(
            _ => Broker.Tell(entities =>
            {
                if (waiter is not null && entities.Waiting.Leave(waiter)) waiter.Refuse(new OperationCanceledException(cancellation));
            }),
            null);
        return await answer;
    }

    private static DateTimeOffset DeadlineOf(DateTimeOffset now, TimeSpan wait) =>
        wait == Timeout.InfiniteTimeSpan || wait >= DateTimeOffset.MaxValue - now ? DateTimeOffset.MaxValue : now + wait;

    private static NotSupportedException NotHonoured(string option) => new($"The embedded Service Bus does not honour {option}.");
}

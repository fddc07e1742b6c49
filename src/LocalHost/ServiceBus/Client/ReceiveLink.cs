using System.Runtime.CompilerServices;
using Atomic.LocalHost.ServiceBus.Entities;
using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Client;

/// <summary>What a receiver does, with or without a session; the receivers themselves only give it Microsoft's shape.</summary>
internal sealed partial class ReceiveLink
{
    private readonly ReceiveSettings _settings;
    private readonly PrefetchBuffer _prefetched;

    private long _lastPeeked;

    /// <param name="path">A queue, a subscription, or the dead letters of one, as Azure addresses it.</param>
    public ReceiveLink(Connection connection, string path, ReceiveSettings settings, SessionKey? session = null)
    {
        EntityPath = settings.SubQueue switch
        {
            SubQueue.None => path,
            SubQueue.DeadLetter => Entities.EntityPath.OfDeadLetters(path),
            _ => throw new NotSupportedException("The embedded Service Bus forwards no messages, so it has no transfer dead letters."),
        };
        (Connection, _settings, Session) = (connection, settings, session);
        _prefetched = new PrefetchBuffer(connection.Broker.Time, dropsExpired: session is null);
        Identifier = settings.Identifier ?? $"{EntityPath}-{Guid.NewGuid()}";
    }

    public Connection Connection { get; }

    public string EntityPath { get; }

    public SessionKey? Session { get; }

    public string Identifier { get; }

    public ServiceBusReceiveMode Mode => _settings.Mode;

    public int Prefetch => _settings.Prefetch;

    public bool IsClosed { get; private set; }

    private bool Deletes => Mode == ServiceBusReceiveMode.ReceiveAndDelete;

    private Broker Broker => Connection.Broker;

    public async Task<ServiceBusReceivedMessage?> ReceiveOneAsync(TimeSpan? wait, CancellationToken cancellation) =>
        (await ReceiveAsync(1, wait, cancellation)) is [var received] ? received : null;

    public async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveAsync(int max, TimeSpan? wait, CancellationToken cancellation)
    {
        ThrowIfUnusable(cancellation);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        if (wait is { } asked) ThrowIfNoWait(asked);
        var patience = wait ?? Connection.Retry.TryTimeout;
        return Prefetch == 0
            ? await FetchAsync(max, patience, cancellation)
            : await _prefetched.ReceiveAsync(max, patience, left => FetchAsync(Math.Max(max, Prefetch), left, cancellation), cancellation);
    }

    public async IAsyncEnumerable<ServiceBusReceivedMessage> ReceiveAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            if (await ReceiveOneAsync(null, cancellation) is { } message) yield return message;
        }
    }

    public async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveDeferredAsync(IEnumerable<long> sequences, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        ThrowIfUnusable(cancellation);
        var asked = sequences.ToList();
        var received = await Broker.AskAsync(entities => entities.Mailbox(EntityPath).ReceiveDeferred(Session, asked, Deletes));
        return [.. received.Select(delivery => delivery.ToReceived())];
    }

    /// <summary>Without a number to start from it goes on where the last peek ended.</summary>
    public async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekAsync(int max, long? from, CancellationToken cancellation)
    {
        ThrowIfUnusable(cancellation);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        var start = from ?? Interlocked.Read(ref _lastPeeked) + 1;
        var peeked = await Broker.AskAsync(entities => entities.Mailbox(EntityPath).Peek(start, max, Session?.Id));
        if (peeked.Count > 0) Interlocked.Exchange(ref _lastPeeked, peeked[^1].Sequence);
        return [.. peeked.Select(delivery => delivery.ToReceived())];
    }

    /// <summary>Gives back the session, if it has one. Locks on messages without a session run on.</summary>
    public void Close()
    {
        if (IsClosed) return;
        IsClosed = true;
        Broker.Tell(entities =>
        {
            entities.Waiting.Refuse(waiter => waiter.Owner == this, () => new ObjectDisposedException(nameof(ServiceBusReceiver)));
            if (Session is not null) entities.Mailbox(EntityPath).Close(Session);
        });
    }

    private async Task<IReadOnlyList<ServiceBusReceivedMessage>> FetchAsync(int max, TimeSpan wait, CancellationToken cancellation)
    {
        var received = await Connection.WaitAsync<IReadOnlyList<Delivery>>(
            (entities, reply, deadline) =>
            {
                var waiter = new ReceiveWaiter(this, deadline, reply, max, Deletes);
                entities.Mailbox(EntityPath).Receive(Session, waiter);
                return waiter;
            },
            wait,
            cancellation);
        return [.. received.Select(delivery => delivery.ToReceived())];
    }

    private void ThrowIfUnusable(CancellationToken cancellation) =>
        Connection.ThrowIfUnusable(IsClosed, nameof(ServiceBusReceiver), cancellation);

    private void ThrowIfNoWait(TimeSpan wait)
    {
        if (wait == Timeout.InfiniteTimeSpan) return;
        ArgumentOutOfRangeException.ThrowIfLessThan(wait, TimeSpan.Zero);
        if (Prefetch == 0) ArgumentOutOfRangeException.ThrowIfEqual(wait, TimeSpan.Zero);
    }
}

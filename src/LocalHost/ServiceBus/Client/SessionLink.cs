using Atomic.LocalHost.ServiceBus.Entities;
using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Client;

/// <summary>What a receiver of an accepted session does besides receiving.</summary>
internal sealed class SessionLink(ReceiveLink link, AcceptedSession accepted)
{
    private long _lockedUntil = accepted.LockedUntil.UtcTicks;

    public ReceiveLink Link { get; } = link;

    public SessionKey Key { get; } = accepted.Key;

    public DateTimeOffset LockedUntil => new(Interlocked.Read(ref _lockedUntil), TimeSpan.Zero);

    public bool IsLost => LockedUntil <= Link.Connection.Broker.Time.GetUtcNow();

    private Broker Broker => Link.Connection.Broker;

    /// <param name="session">The session to accept; null: the next that is free and has messages.</param>
    public static async Task<EmbeddedSessionReceiver> AcceptAsync(
        Connection connection, string path, string? session, ReceiveSettings settings, TimeSpan wait, CancellationToken cancellation)
    {
        connection.ThrowIfUnusable(isClosed: false, nameof(ServiceBusClient), cancellation);
        var accepted = session is null
            ? await AcceptNextAsync(connection, path, wait, cancellation)
            : await connection.Broker.AskAsync(entities => entities.Mailbox(path).Accept(session));
        var link = new ReceiveLink(connection, path, settings, accepted.Key);
        return new EmbeddedSessionReceiver(new SessionLink(link, accepted));
    }

    public async Task<BinaryData?> GetStateAsync(CancellationToken cancellation)
    {
        ThrowIfUnusable(cancellation);
        var state = await Broker.AskAsync(entities => entities.Mailbox(Link.EntityPath).StateOf(Key));
        return state is null ? null : BinaryData.FromBytes(state);
    }

    public async Task SetStateAsync(BinaryData? state, CancellationToken cancellation)
    {
        ThrowIfUnusable(cancellation);
        var bytes = state?.ToArray();
        if (bytes?.Length > Connection.LargestMessage)
            throw Failures.MessageSizeExceeded(Link.EntityPath, bytes.Length, Connection.LargestMessage);
        await Broker.AskAsync(entities =>
        {
            entities.Mailbox(Link.EntityPath).SetState(Key, bytes);
            return true;
        });
    }

    public async Task RenewAsync(CancellationToken cancellation)
    {
        ThrowIfUnusable(cancellation);
        var until = await Broker.AskAsync(entities => entities.Mailbox(Link.EntityPath).Renew(Key));
        Interlocked.Exchange(ref _lockedUntil, until.UtcTicks);
    }

    private static Task<AcceptedSession> AcceptNextAsync(Connection connection, string path, TimeSpan wait, CancellationToken cancellation) =>
        connection.WaitAsync<AcceptedSession>(
            (entities, reply, deadline) =>
            {
                var waiter = new AcceptWaiter(connection, deadline, path, reply);
                entities.Mailbox(path).AcceptNext(waiter);
                return waiter;
            },
            wait,
            cancellation);

    private void ThrowIfUnusable(CancellationToken cancellation) =>
        Link.Connection.ThrowIfUnusable(Link.IsClosed, nameof(ServiceBusSessionReceiver), cancellation);
}

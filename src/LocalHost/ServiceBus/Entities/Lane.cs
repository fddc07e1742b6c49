namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>Messages that are received in the order of their sequence numbers, and who waits for them.</summary>
internal class Lane
{
    public SortedSet<Message> Ready { get; } = new(Comparer<Message>.Create(Message.BySequence));

    public LinkedList<ReceiveWaiter> Receivers { get; } = [];
}

/// <summary>The messages of one session. They are received by whoever holds its lock, and covered by it.</summary>
internal sealed class Session(string id) : Lane
{
    public string Id { get; } = id;

    public byte[]? State { get; set; }

    public Lease<Session>? Lock { get; set; }

    /// <summary>By lock token, what the holder has received and not yet settled.</summary>
    public Dictionary<Guid, Message> Held { get; } = [];

    /// <summary>Its place among the sessions to be accepted: free, with something to receive.</summary>
    public LinkedListNode<Session>? Offer { get; set; }

    public bool IsEmpty => State is null && Lock is null && Ready.Count == 0;
}

/// <summary>The session that a receiver has accepted, and the lock that proves it.</summary>
internal sealed record SessionKey(string Id, Guid Lock);

internal sealed record AcceptedSession(SessionKey Key, DateTimeOffset LockedUntil);

internal sealed class ReceiveWaiter(object owner, DateTimeOffset deadline, Reply<IReadOnlyList<Delivery>> reply, int max, bool deletes)
    : Waiter(owner, deadline)
{
    public Reply<IReadOnlyList<Delivery>> Reply { get; } = reply;

    public int Max { get; } = max;

    public bool Deletes { get; } = deletes;

    public override void TimeOut() => Reply.Give([]);

    public override void Refuse(Exception reason) => Reply.Refuse(reason);
}

internal sealed class AcceptWaiter(object owner, DateTimeOffset deadline, string path, Reply<AcceptedSession> reply) : Waiter(owner, deadline)
{
    public Reply<AcceptedSession> Reply { get; } = reply;

    public override void TimeOut() => Refuse(Failures.NoSession(path));

    public override void Refuse(Exception reason) => Reply.Refuse(reason);
}

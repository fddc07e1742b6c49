namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>
/// Locks of one duration on messages or sessions. They live in memory only: after a restart everything is free at once, and nobody waits
/// for the lock of a process that is gone.
/// </summary>
internal sealed class Leases<T>(TimeSpan duration, Agenda agenda)
{
    private readonly Dictionary<Guid, LinkedListNode<Lease<T>>> _byToken = [];

    // All last equally long, so the order of granting and renewing is the order of expiry.
    private readonly LinkedList<Lease<T>> _byExpiry = [];

    public DateTimeOffset Next => _byExpiry.First?.Value.Until ?? DateTimeOffset.MaxValue;

    public Lease<T> Grant(T held)
    {
        var lease = new Lease<T>(held, Guid.NewGuid(), Until());
        _byToken.Add(lease.Token, _byExpiry.AddLast(lease));
        return lease;
    }

    public Lease<T>? Find(Guid token) => _byToken.GetValueOrDefault(token)?.Value;

    public void Renew(Lease<T> lease)
    {
        var node = _byToken[lease.Token];
        lease.Until = Until();
        _byExpiry.Remove(node);
        _byExpiry.AddLast(node);
    }

    public void End(Lease<T> lease)
    {
        if (_byToken.Remove(lease.Token, out var node)) _byExpiry.Remove(node);
    }

    /// <summary>The oldest lease, if it has expired. It has ended then.</summary>
    public Lease<T>? TakeExpired()
    {
        if (Next > agenda.Now) return null;
        var lease = _byExpiry.First!.Value;
        End(lease);
        return lease;
    }

    private DateTimeOffset Until()
    {
        var until = agenda.Now + duration;
        agenda.Wake(until);
        return until;
    }
}

internal sealed class Lease<T>(T held, Guid token, DateTimeOffset until)
{
    public T Held { get; } = held;

    public Guid Token { get; } = token;

    public DateTimeOffset Until { get; set; } = until;
}

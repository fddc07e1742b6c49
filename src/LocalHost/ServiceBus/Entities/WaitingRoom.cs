namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>Someone who waits for messages or for a session, until a deadline.</summary>
internal abstract class Waiter(object owner, DateTimeOffset deadline)
{
    /// <summary>Whoever asked; when it is closed, its waiting ends.</summary>
    public object Owner { get; } = owner;

    public DateTimeOffset Deadline { get; } = deadline;

    public long Order { get; set; }

    public Action LeaveLine { get; set; } = () => { };

    public abstract void TimeOut();

    public abstract void Refuse(Exception reason);
}

/// <summary>All who wait, wherever they stand in line.</summary>
internal sealed class WaitingRoom
{
    private readonly SortedSet<Waiter> _byDeadline = new(Comparer<Waiter>.Create((left, right) =>
        left.Deadline.CompareTo(right.Deadline) is var order and not 0 ? order : left.Order.CompareTo(right.Order)));

    private long _lastOrder;

    public DateTimeOffset Next => _byDeadline.Min?.Deadline ?? DateTimeOffset.MaxValue;

    public void Join<TWaiter>(LinkedList<TWaiter> line, TWaiter waiter) where TWaiter : Waiter
    {
        var place = line.AddLast(waiter);
        waiter.LeaveLine = () => line.Remove(place);
        waiter.Order = ++_lastOrder;
        _byDeadline.Add(waiter);
    }

    /// <summary>False when it was answered already.</summary>
    public bool Leave(Waiter waiter)
    {
        if (!_byDeadline.Remove(waiter)) return false;
        waiter.LeaveLine();
        return true;
    }

    public void TimeOut(DateTimeOffset now)
    {
        while (_byDeadline.Min is { } waiter && waiter.Deadline <= now)
        {
            Leave(waiter);
            waiter.TimeOut();
        }
    }

    public void Refuse(Func<Waiter, bool> which, Func<Exception> reason)
    {
        foreach (var waiter in _byDeadline.Where(which).ToList())
        {
            Leave(waiter);
            waiter.Refuse(reason());
        }
    }
}

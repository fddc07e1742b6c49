using Atomic.LocalHost.DurableTask.History;
using Atomic.LocalHost.DurableTask.Storage;

namespace Atomic.LocalHost.DurableTask.Running;

/// <summary>All timers that run, and one alarm for the earliest. Guarded by the hub's gate.</summary>
internal sealed class TimerQueue : IDisposable
{
    // The longest that a timer of .NET can wait is 49 days.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(1);
    private const int WorthSweeping = 1000;

    private PriorityQueue<PendingTimer, (DateTime Due, long Order)> _timers = new();
    private readonly TaskHub _hub;
    private readonly TimeProvider _time;
    private readonly ITimer _alarm;
    private DateTime _set = DateTime.MaxValue;
    private long _order;
    private int _cancelled;

    public TimerQueue(TaskHub hub, TimeProvider time)
    {
        _hub = hub;
        _time = time;
        _alarm = time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public DateTime Now => _time.GetUtcNow().UtcDateTime;

    /// <summary>When the next one is due.</summary>
    public DateTime? Next
    {
        get
        {
            DropCancelled();
            return _timers.TryPeek(out _, out var first) ? first.Due : null;
        }
    }

    /// <summary>One was due at once, and is about to fire.</summary>
    public bool IsFiring { get; private set; }

    public void Add(PendingTimer timer)
    {
        _timers.Enqueue(timer, (timer.Due, _order++));
        if (timer.Due < _set) SetAlarm();
    }

    public void Cancel(PendingTimer timer)
    {
        if (timer.Cancelled) return;
        timer.Cancelled = true;
        if (++_cancelled < WorthSweeping || _cancelled < _timers.Count / 2) return;
        _timers = new(_timers.UnorderedItems.Where(item => !item.Element.Cancelled));
        _cancelled = 0;
    }

    public void Dispose() => _alarm.Dispose();

    private void Fire()
    {
        lock (_hub.Gate)
        {
            var now = Now;
            IsFiring = false;
            while (Next <= now) Fire(_timers.Dequeue());

            _set = DateTime.MaxValue;
            SetAlarm();
        }
    }

    private void Fire(PendingTimer timer)
    {
        var instance = timer.Instance;
        if (timer.Task == PendingTimer.Start)
        {
            instance.MayStart = true;
            _hub.Wake(instance);
        }
        else if (instance.Timers.Remove(timer.Task))
        {
            _hub.Deliver(instance, new Message(new TimerFired(timer.Task), Write.DropTimer(instance.Key, timer.Task), timer.Due));
        }
    }

    private void DropCancelled()
    {
        for (; _timers.TryPeek(out var timer, out _) && timer.Cancelled; _cancelled--) _timers.Dequeue();
    }

    // A clock that is set by hand may move between looking at it and setting the alarm, which counts from then on.
    private void SetAlarm()
    {
        if (Next is not { } next) return;
        _set = next;
        for (var now = Now; ; now = Now)
        {
            var wait = next - now;
            if (wait <= TimeSpan.Zero)
            {
                IsFiring = true;
                ThreadPool.UnsafeQueueUserWorkItem(static queue => queue.Fire(), this, preferLocal: false);
                return;
            }

            _alarm.Change(wait < LongestWait ? WholeMilliseconds(wait) : LongestWait, Timeout.InfiniteTimeSpan);
            if (Now - now < Tolerance) return;
        }
    }

    // .NET's timers count whole milliseconds, and one that fired early would have to be set again.
    private static TimeSpan WholeMilliseconds(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
}

namespace Atomic.Testing.Hosting;

/// <summary>The system's time, with leaps: after one, every timer rings that it has passed, and the others ring so much earlier.</summary>
public sealed class LeapingTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<LeapingTimer> _timers = [];
    private TimeSpan _ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => System.GetElapsedTime(0, System.GetTimestamp()).Ticks + _ahead.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new LeapingTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Leap(TimeSpan time)
    {
        List<LeapingTimer> timers;
        lock (_lock)
        {
            _ahead += time;
            timers = [.. _timers];
        }

        foreach (var timer in timers) timer.Advance();
    }

    private sealed class LeapingTimer : ITimer
    {
        private readonly LeapingTime _owner;
        private readonly ITimer _inner;
        private DateTimeOffset _due = DateTimeOffset.MaxValue;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public LeapingTimer(LeapingTime owner, TimerCallback callback, object? state)
        {
            _owner = owner;
            _inner = System.CreateTimer(
                _ =>
                {
                    Rang();
                    callback(state);
                },
                null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_owner._lock)
            {
                (_due, _period) = (DueIn(dueTime), period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period);
                if (_due == DateTimeOffset.MaxValue) _owner._timers.Remove(this);
                else _owner._timers.Add(this);
                return _inner.Change(dueTime, Timeout.InfiniteTimeSpan);
            }
        }

        public void Advance()
        {
            lock (_owner._lock)
            {
                if (_due == DateTimeOffset.MaxValue) return;
                var left = _due - _owner.GetUtcNow();
                _inner.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }
        }

        public void Dispose()
        {
            lock (_owner._lock) _owner._timers.Remove(this);
            _inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            lock (_owner._lock) _owner._timers.Remove(this);
            return _inner.DisposeAsync();
        }

        private void Rang()
        {
            lock (_owner._lock)
            {
                _due = DueIn(_period);
                if (_due == DateTimeOffset.MaxValue) _owner._timers.Remove(this);
                else _inner.Change(_period, Timeout.InfiniteTimeSpan);
            }
        }

        private DateTimeOffset DueIn(TimeSpan wait) => wait == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : _owner.GetUtcNow() + wait;
    }
}

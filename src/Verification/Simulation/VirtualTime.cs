namespace Atomic.Verification.Simulation;

/// <summary>A clock that a scheduler moves, and whose timers are events of it.</summary>
public sealed class VirtualTime(Scheduler scheduler) : TimeProvider
{
    public DateTimeOffset Now { get; internal set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(scheduler, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(Scheduler scheduler, TimerCallback callback, object? state) : ITimer
    {
        private IDisposable? _due;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due?.Dispose();
            _due = dueTime == Timeout.InfiniteTimeSpan ? null : scheduler.At(scheduler.Time.Now + dueTime, "timer", () =>
            {
                if (period != Timeout.InfiniteTimeSpan && period != TimeSpan.Zero) Change(period, period);
                callback(state);
                return Task.CompletedTask;
            });
            return true;
        }

        public void Dispose() => _due?.Dispose();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

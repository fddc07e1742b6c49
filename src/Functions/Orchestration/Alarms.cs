using Microsoft.DurableTask;

namespace Atomic.Functions.Orchestration;

/// <summary>
/// Waits of an orchestration over one durable timer. A timer costs storage operations even when it is cancelled; most waits here are time
/// limits that never pass, and each is later than the one before, so that one timer serves them all.
/// </summary>
/// <param name="count">Told of each timer that is set.</param>
internal sealed class Alarms(TaskOrchestrationContext context, Action count) : IDisposable
{
    private readonly List<Alarm> _set = [];
    private CancellationTokenSource _armed = new();
    private DateTime _rings = DateTime.MaxValue;

    public Alarm After(TimeSpan wait)
    {
        var alarm = new Alarm(this, context.CurrentUtcDateTime + wait);
        _set.Add(alarm);
        if (alarm.Due < _rings) Arm(alarm.Due);
        return alarm;
    }

    public void Dispose()
    {
        _armed.Cancel();
        _armed.Dispose();
    }

    private void Arm(DateTime due)
    {
        _armed.Cancel();
        _armed.Dispose();
        _armed = new CancellationTokenSource();
        _rings = due;
        count();
        // Nobody awaits it: it only ends by ringing or by being cancelled.
        _ = RingAsync(context.CreateTimer(due, _armed.Token));
    }

    private async Task RingAsync(Task timer)
    {
        try
        {
            await timer;
        }
        catch (OperationCanceledException)
        {
            return;
        }

        _rings = DateTime.MaxValue;
        var due = _set.Where(alarm => alarm.Due <= context.CurrentUtcDateTime).ToList();
        _set.RemoveAll(due.Contains);
        if (_set.Count > 0) Arm(_set.Min(alarm => alarm.Due));
        foreach (var alarm in due) alarm.Ring();
    }

    /// <summary>One wait; disposed when nobody waits any more.</summary>
    internal sealed class Alarm(Alarms owner, DateTime due) : IDisposable
    {
        private readonly TaskCompletionSource _rung = new();

        public DateTime Due { get; } = due;

        public Task Rings => _rung.Task;

        public void Ring() => _rung.TrySetResult();

        public void Dispose() => owner._set.Remove(this);
    }
}

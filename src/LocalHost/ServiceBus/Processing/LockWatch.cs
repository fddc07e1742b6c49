using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Processing;

/// <summary>What is locked, and what to do about it while a handler runs.</summary>
/// <param name="Until">How long the lock lasts as far as is known.</param>
/// <param name="RenewAsync">Extends it.</param>
/// <param name="ReportAsync">Told of a renewal that failed.</param>
/// <param name="LoseAsync">Told, once, that the lock is gone; with the failure that showed it, if there was one.</param>
internal sealed record WatchedLock(
    Func<DateTimeOffset> Until, Func<Task> RenewAsync, Func<Exception, Task> ReportAsync, Func<Exception?, Task> LoseAsync);

/// <summary>Renews a lock in good time, for as long as it may, and tells when it is gone.</summary>
internal sealed class LockWatch : IAsyncDisposable
{
    private static readonly TimeSpan LongestMargin = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly WatchedLock _lock;
    private readonly TimeSpan _renewFor;
    private readonly DateTimeOffset _started;
    private readonly ITimer _expiry;
    private readonly ITimer _renewal;

    private volatile bool _isOver;
    private Task _renewing = Task.CompletedTask;

    public LockWatch(TimeProvider time, TimeSpan renewFor, WatchedLock watched)
    {
        (_time, _renewFor, _lock, _started) = (time, renewFor, watched, time.GetUtcNow());
        var left = Left();
        var margin = left / 2 < LongestMargin ? left / 2 : LongestMargin;
        var period = left > margin ? left - margin : TimeSpan.FromMilliseconds(1);
        _expiry = time.CreateTimer(_ => _ = ExpireAsync(), null, left, Timeout.InfiniteTimeSpan);

        // Each renewal gives the whole duration again, so a steady beat keeps the lock, however long each renewal takes to answer.
        _renewal = time.CreateTimer(_ => _renewing = RenewAsync(), null, renewFor == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period, period);
    }

    public async ValueTask DisposeAsync()
    {
        _isOver = true;
        await _renewal.DisposeAsync();
        await _expiry.DisposeAsync();
    }

    private async Task RenewAsync()
    {
        if (_isOver) return;
        if (_renewFor != Timeout.InfiniteTimeSpan && _time.GetUtcNow() - _started > _renewFor)
        {
            await _renewal.DisposeAsync();
            return;
        }

        try
        {
            await _lock.RenewAsync();
        }
        catch (Exception e)
        {
            await FailAsync(e);
        }
    }

    private async Task FailAsync(Exception e)
    {
        if (_isOver) return;
        await _lock.ReportAsync(e);
        if (e is ServiceBusException { Reason: ServiceBusFailureReason.MessageLockLost or ServiceBusFailureReason.SessionLockLost })
            await LoseAsync(e);
    }

    private async Task ExpireAsync()
    {
        await _renewing;
        if (_isOver) return;
        if (Left() is var left && left > TimeSpan.Zero)
            _expiry.Change(left, Timeout.InfiniteTimeSpan);
        else
            await LoseAsync(null);
    }

    private async Task LoseAsync(Exception? e)
    {
        if (_isOver) return;
        await DisposeAsync();
        try
        {
            await _lock.LoseAsync(e);
        }
        catch (Exception failure)
        {
            await _lock.ReportAsync(failure);
        }
    }

    private TimeSpan Left() => _lock.Until() - _time.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
}

using Atomic.LocalHost.Runtime.Invocations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.Runtime.Timers;

/// <summary>Runs functions by the clock, each at most once at a time.</summary>
internal sealed class TimerTriggers(
    IReadOnlyList<TimerFunction> functions, FunctionRunner runner, TimerRecords records, TimeProvider time, ILogger<TimerTriggers> logger)
    : ITriggers, IDisposable
{
    // A timer of the runtime cannot be set for longer than 49 days.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _loops = [];

    public string Name => "timers";

    public Task StartAsync(CancellationToken cancellation)
    {
        _loops.AddRange(functions.Select(RunAsync));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellation)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_loops);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(TimerFunction timer)
    {
        await Task.Yield();
        try
        {
            await RunUntilStoppedAsync(timer);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The host stops while the timer waits.
        }
        catch (Exception e)
        {
            Logs.TimerStopped(logger, timer.Function.Name, e);
        }
    }

    private async Task RunUntilStoppedAsync(TimerFunction timer)
    {
        var monitored = timer.UseMonitor && timer.Schedule.IsMonitored(time.GetUtcNow());
        var began = time.GetUtcNow();
        var status = monitored ? records.Find(timer.Function.Name) : null;
        // From the last run on, under the schedule that holds now, so that a change of schedule is no missed run.
        var last = status is null ? began : AsUtc(status.Last == default ? status.LastUpdated : status.Last);
        var due = timer.Schedule.Next(last);
        status = new ScheduleStatus { Last = status?.Last ?? default, Next = due.UtcDateTime, LastUpdated = last.UtcDateTime };
        if (monitored) records.Write(timer.Function.Name, status);

        var isPastDue = monitored && due <= began;
        if (isPastDue) Logs.TimerPastDue(logger, timer.Function.Name, due);
        var isFirst = timer.RunOnStartup && !isPastDue;
        while (true)
        {
            if (!isFirst) await UntilAsync(due);
            _stopping.Token.ThrowIfCancellationRequested();
            var ran = time.GetUtcNow();
            await CallAsync(timer, new TimerInfo { IsPastDue = isPastDue, ScheduleStatus = monitored ? status : null });
            due = timer.Schedule.Next(isFirst || ran > due ? ran : due);
            (isPastDue, isFirst) = (false, false);
            status = new ScheduleStatus { Last = ran.UtcDateTime, Next = due.UtcDateTime, LastUpdated = ran.UtcDateTime };
            if (monitored) records.Write(timer.Function.Name, status);
        }
    }

    // A failed run is in the log by then, and the next one is due all the same.
    private async Task CallAsync(TimerFunction timer, TimerInfo info)
    {
        try
        {
            await runner.RunAsync(timer.Function, info, CancellationToken.None);
        }
        catch (Exception)
        {
            _stopping.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task UntilAsync(DateTimeOffset due)
    {
        while (due - time.GetUtcNow() is { Ticks: > 0 } wait) await Task.Delay(wait < LongestWait ? wait : LongestWait, time, _stopping.Token);
    }

    private static DateTimeOffset AsUtc(DateTime recorded) => new(DateTime.SpecifyKind(recorded, DateTimeKind.Utc), TimeSpan.Zero);
}

using Atomic.LocalHost.Runtime.Discovery;
using Atomic.LocalHost.Runtime.Invocations;
using Atomic.LocalHost.Runtime.Settings;
using Atomic.LocalHost.Runtime.Timers;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Xunit;

namespace Atomic.Unit.Runtime;

public sealed class Running_by_the_clock : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly Clock _time = new(Noon);
    private readonly Runs _runs = new();
    private readonly ServiceProvider _services;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("atomic-timers-");
    private bool _running;

    public Running_by_the_clock() => _services = new ServiceCollection().AddSingleton(_runs).AddSingleton<TimeProvider>(_time).BuildServiceProvider();

    [Fact]
    public async Task Happens_when_it_is_due_and_again()
    {
        await using var timer = await StartAsync("Every_five_minutes");

        await AdvanceToAsync(Noon.AddMinutes(4));
        Assert.Empty(_runs.Seen);
        await AdvanceToAsync(Noon.AddMinutes(5), runs: 1);
        await AdvanceToAsync(Noon.AddMinutes(10), runs: 2);

        Assert.Equal([Noon.AddMinutes(5), Noon.AddMinutes(10)], _runs.Seen.Select(run => run.At));
        Assert.All(_runs.Seen, run => Assert.False(run.Info.IsPastDue));
        Assert.Equal(Noon.AddMinutes(10).UtcDateTime, _runs.Seen[1].Info.ScheduleStatus?.Next);
        Assert.Equal(Noon.AddMinutes(5).UtcDateTime, _runs.Seen[1].Info.ScheduleStatus?.Last);
    }

    [Fact]
    public async Task Makes_up_once_for_runs_that_were_missed_while_the_host_was_down()
    {
        await using (await StartAsync("Every_five_minutes")) await AdvanceToAsync(Noon.AddMinutes(5), runs: 1);
        await AdvanceToAsync(Noon.AddMinutes(17));

        await using var again = await StartAsync("Every_five_minutes");
        await UntilAsync(runs: 2);
        await AdvanceToAsync(Noon.AddMinutes(20), runs: 3);

        Assert.Equal([false, true, false], _runs.Seen.Select(run => run.Info.IsPastDue));
        Assert.Equal([Noon.AddMinutes(5), Noon.AddMinutes(17), Noon.AddMinutes(20)], _runs.Seen.Select(run => run.At));
    }

    [Fact]
    public async Task Misses_nothing_when_the_first_start_was_before_the_first_run()
    {
        await using (await StartAsync("Every_five_minutes")) await AdvanceToAsync(Noon.AddMinutes(1));
        await AdvanceToAsync(Noon.AddMinutes(6));

        await using var again = await StartAsync("Every_five_minutes");
        await UntilAsync(runs: 1);

        Assert.True(_runs.Seen[0].Info.IsPastDue);
    }

    [Fact]
    public async Task Makes_up_for_nothing_without_a_monitor()
    {
        await using (await StartAsync("Unmonitored")) await AdvanceToAsync(Noon.AddMinutes(5), runs: 1);
        await AdvanceToAsync(Noon.AddMinutes(17));

        await using var again = await StartAsync("Unmonitored");
        await AdvanceToAsync(Noon.AddMinutes(20), runs: 2);

        Assert.All(_runs.Seen, run => Assert.True(run.Info is { IsPastDue: false, ScheduleStatus: null }));
        Assert.Equal(Noon.AddMinutes(20), _runs.Seen[1].At);
    }

    [Fact]
    public async Task Happens_at_the_start_as_well_where_the_trigger_says_so()
    {
        await using var timer = await StartAsync("At_the_start");

        await UntilAsync(runs: 1);
        await AdvanceToAsync(Noon.AddMinutes(5), runs: 2);

        Assert.Equal([Noon, Noon.AddMinutes(5)], _runs.Seen.Select(run => run.At));
    }

    [Fact]
    public async Task Goes_on_after_a_run_that_failed()
    {
        await using var timer = await StartAsync("Failing");

        await AdvanceToAsync(Noon.AddMinutes(5), runs: 1);
        await AdvanceToAsync(Noon.AddMinutes(10), runs: 2);

        Assert.Equal(2, _runs.Seen.Count);
    }

    [Fact]
    public async Task Waits_for_a_run_that_is_not_over_and_for_times_that_are_months_away()
    {
        await using var timer = await StartAsync("Once_a_year");

        await AdvanceToAsync(new DateTimeOffset(2030, 12, 30, 23, 59, 59, TimeSpan.Zero));
        Assert.Empty(_runs.Seen);
        await AdvanceToAsync(new DateTimeOffset(2030, 12, 31, 0, 0, 0, TimeSpan.Zero), runs: 1);

        Assert.Single(_runs.Seen);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<Running> StartAsync(string name)
    {
        var problems = new List<string>();
        var settings = AppSettings.Parse(AppSettings.File, "{}");
        var method = FunctionMethod.In([typeof(Timers)], problems).Single(each => each.Name == name);
        var function = TimerFunction.Read(method, (TimerTriggerAttribute)method.Trigger, settings, problems);
        Assert.Empty(problems);
        var runner = new FunctionRunner(_services, Timeout.InfiniteTimeSpan, _time, NullLogger<FunctionRunner>.Instance)
        {
            DurableClient = new Mock<DurableTaskClient>("test").Object,
        };
        var triggers = new TimerTriggers([function!], runner, new TimerRecords(_folder.FullName), _time, NullLogger<TimerTriggers>.Instance);
        await triggers.StartAsync(CancellationToken.None);
        _running = true;
        await UntilAsync(() => _time.IsSet);
        return new Running(triggers, runner, () => _running = false);
    }

    // In steps, as a clock does it, each once the timer is set for what comes next.
    private async Task AdvanceToAsync(DateTimeOffset time, int runs = 0)
    {
        while (_time.GetUtcNow() < time)
        {
            var step = time - _time.GetUtcNow();
            _time.Advance(step < TimeSpan.FromHours(12) ? step : TimeSpan.FromHours(12));
            if (_running) await UntilAsync(() => _time.IsSet);
        }

        await UntilAsync(runs);
    }

    private async Task UntilAsync(int runs)
    {
        await UntilAsync(() => _runs.Seen.Count >= runs);
        if (_running) await UntilAsync(() => _time.IsSet);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition()) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, patience.Token);
    }

    private sealed class Running(TimerTriggers triggers, FunctionRunner runner, Action ended) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await triggers.StopAsync(CancellationToken.None);
            triggers.Dispose();
            runner.Dispose();
            ended();
        }
    }

    /// <summary>A clock that tells whether something is still to come at its present time.</summary>
    private sealed class Clock(DateTimeOffset start) : FakeTimeProvider(start)
    {
        private long _due;

        public bool IsSet => Volatile.Read(ref _due) > GetUtcNow().Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime != Timeout.InfiniteTimeSpan) Volatile.Write(ref _due, (GetUtcNow() + dueTime).Ticks);
            return timer;
        }
    }

    public sealed class Runs
    {
        private readonly List<(DateTimeOffset At, TimerInfo Info)> _seen = [];

        public IReadOnlyList<(DateTimeOffset At, TimerInfo Info)> Seen
        {
            get
            {
                lock (_seen) return [.. _seen];
            }
        }

        public void Add(DateTimeOffset at, TimerInfo info)
        {
            lock (_seen) _seen.Add((at, info));
        }
    }

    public sealed class Timers(Runs runs, TimeProvider time)
    {
        [Function("Every_five_minutes")]
        public void Every_five_minutes([TimerTrigger("0 */5 * * * *")] TimerInfo timer) => runs.Add(time.GetUtcNow(), timer);

        [Function("Unmonitored")]
        public void Unmonitored([TimerTrigger("0 */5 * * * *", UseMonitor = false)] TimerInfo timer) => runs.Add(time.GetUtcNow(), timer);

        [Function("At_the_start")]
        public void At_the_start([TimerTrigger("0 */5 * * * *", RunOnStartup = true)] TimerInfo timer) => runs.Add(time.GetUtcNow(), timer);

        [Function("Once_a_year")]
        public void Once_a_year([TimerTrigger("0 0 0 31 12 *")] TimerInfo timer) => runs.Add(time.GetUtcNow(), timer);

        [Function("Failing")]
        public void Failing([TimerTrigger("0 */5 * * * *")] TimerInfo timer)
        {
            runs.Add(time.GetUtcNow(), timer);
            throw new InvalidOperationException("It fails every time.");
        }
    }
}

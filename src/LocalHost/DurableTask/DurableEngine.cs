using Atomic.LocalHost.DurableTask.Running;
using Atomic.LocalHost.DurableTask.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.DurableTask;

/// <summary>
/// The embedded Durable Task engine: what the Durable Functions extension and its storage do in Azure, in this process and one SQLite
/// file. A step of an orchestrator costs one commit. Killed at any instant and opened again, every instance goes on at once; activities
/// run at least once, and no decision of an orchestrator is made twice.
/// </summary>
public sealed class DurableEngine : IAsyncDisposable
{
    private readonly DurableSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly DurableFile _file;
    private readonly CommitWriter _writer;
    private readonly TaskHub _hub;
    private readonly TimerQueue _timers;
    private readonly ActivityRunner _activities;
    private readonly StepRunner _steps;
    private readonly InstanceStarter _starter;

    private DurableEngine(
        DurableFile file, DurableFunctions functions, DurableSettings settings, TimeProvider time, ILoggerFactory logs, CommitProbe? probe)
    {
        _settings = settings;
        _time = time;
        _file = file;
        _log = logs.CreateLogger<DurableEngine>();
        _writer = new CommitWriter(file.Writing, probe, Break);
        _hub = new TaskHub(_writer, new InstanceReader(file.Reading));
        _timers = new TimerQueue(_hub, time);
        _activities = new ActivityRunner(_hub, functions.Activities, settings.MaxConcurrentActivities, _log);
        _starter = new InstanceStarter(_hub, _timers, _log);
        var code = new OrchestratorCode(functions.Orchestrators, logs);
        var obligations = new Obligations(_hub, _timers, _activities, settings.DefaultVersion);
        _steps = new StepRunner(
            _hub,
            code,
            obligations,
            new OrderBook(_hub, obligations, _timers),
            new VersionRule(settings),
            new WarmExecutions(settings.MaxWarmOrchestrators),
            _timers,
            settings.MaxConcurrentOrchestrators,
            Break,
            _log);
        Client = new EmbeddedDurableTaskClient(
            settings, _hub, _timers, _starter, new Rewinder(_hub, code, obligations, _timers, _log), new Purger(_hub));
    }

    /// <summary>Microsoft's client of this engine. It may be used by many at once, for as long as the engine is open.</summary>
    public DurableTaskClient Client { get; }

    internal StepCounters Counters => _steps.Counters;

    internal long ActivitiesBegun => _activities.Begun;

    /// <summary>No orchestrator and no activity runs, and nothing is on its way to the file: only time, or someone outside, can move it.</summary>
    internal bool IsIdle
    {
        get
        {
            lock (_hub.Gate) return _steps.IsIdle && _activities.Running == 0 && _hub.OnTheirWay == 0 && !_timers.IsFiring;
        }
    }

    /// <summary>When the next timer is due.</summary>
    internal DateTime? NextTimer
    {
        get
        {
            lock (_hub.Gate) return _timers.Next;
        }
    }

    /// <summary>Opens the file, or creates it, and lets every unfinished instance go on.</summary>
    /// <exception cref="InvalidOperationException">The file is in use by another process, or of another version.</exception>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public static Task<DurableEngine> OpenAsync(
        string file, DurableFunctions functions, DurableSettings settings, TimeProvider time, ILoggerFactory logs, CancellationToken cancellation) =>
        OpenAsync(file, functions, settings, time, logs, null, cancellation);

    internal static async Task<DurableEngine> OpenAsync(
        string file, DurableFunctions functions, DurableSettings settings, TimeProvider time, ILoggerFactory logs, CommitProbe? probe,
        CancellationToken cancellation)
    {
        settings.Validate();
        var opened = await Task.Run(() => DurableFile.Open(file), cancellation);
        var engine = new DurableEngine(opened, functions, settings, time, logs, probe);
        try
        {
            await Task.Run(engine.Recover, cancellation);
            return engine;
        }
        catch
        {
            engine.Kill();
            throw;
        }
    }

    /// <summary>
    /// Takes no new work, lets what is running finish for as long as the settings say, and closes the file. Results that came too late for
    /// a step are kept for the next start; activities that did not end are run again then.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _hub.Stop(Closing());
        if (!await DrainAsync(_settings.DrainLimit))
        {
            _activities.GiveUp();
            if (!await DrainAsync(TimeSpan.FromSeconds(1))) Logs.LeftRunning(_log, _activities.Running);
        }

        _writer.Dispose();
        Close();
        Logs.Closed(_log);
    }

    /// <summary>Stops as a kill of the process would: what is not in the file is lost.</summary>
    internal void Kill()
    {
        _hub.Stop(Closing());
        _writer.Kill();
        Close();
    }

    private void Recover()
    {
        var unfinished = _hub.Reader.Unfinished();
        _hub.Open(_hub.Reader.Highest(), _steps.Enqueue);
        _ = _hub.WriteAsync([Write.DropStrayMessages()], () => { });
        var instances = new Recovery(_hub, _timers, _activities, _starter).Run(unfinished);
        Logs.Opened(_log, instances);
    }

    private async Task<bool> DrainAsync(TimeSpan limit)
    {
        Task drained;
        lock (_hub.Gate) drained = Task.WhenAll(_activities.DrainAsync(), _steps.DrainAsync());
        try
        {
            await drained.WaitAsync(limit, _time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Break(Exception e)
    {
        Logs.Broke(_log, e);
        _hub.Stop(e);
        _hub.Abandon();
    }

    private static ObjectDisposedException Closing() => new(nameof(DurableEngine), "The durable engine is closed.");

    private void Close()
    {
        _hub.Abandon();
        _timers.Dispose();
        _activities.Dispose();
        _file.Dispose();
    }
}

namespace Atomic.LocalHost.Runtime;

public sealed partial class FunctionsHost
{
    // What has been told to stop, and does not.
    private static readonly TimeSpan LastLimit = TimeSpan.FromSeconds(5);

    /// <summary>Takes no more work, waits for what runs, tells what still runs after a while to stop, and closes the durable engine.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, true)) return;
        var triggers = Task.WhenAll(_triggers.Select(StopAsync));
        if (!await EndsWithinAsync(triggers, _options.DrainLimit))
        {
            Logs.StillRunning(_logger, _options.DrainLimit.TotalSeconds, RunningFunctions());
            await _runner.CancelAllAsync();
            await EndsWithinAsync(triggers, LastLimit);
        }

        // The engine waits for its activities itself, and takes those that it has to give up for not having run.
        await StopEngineAsync();
        if (RunningFunctions() is { Length: > 0 } running) Logs.GivenUp(_logger, running);
    }

    private async Task StopAsync(ITriggers triggers)
    {
        try
        {
            await triggers.StopAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            Logs.StopFailed(_logger, triggers.Name, e);
        }
    }

    private async Task StopEngineAsync()
    {
        try
        {
            if (_engine is not null) await _engine.Lifetime.DisposeAsync();
        }
        catch (Exception e)
        {
            Logs.StopFailed(_logger, "The durable engine", e);
        }
    }

    private async Task<bool> EndsWithinAsync(Task work, TimeSpan limit)
    {
        using var enough = new CancellationTokenSource();
        var first = await Task.WhenAny(work, Task.Delay(limit, _options.Time, enough.Token));
        await enough.CancelAsync();
        return first == work;
    }

    // An orchestrator is one call for as long as its instance is in memory, and is at any time free to stop.
    private string RunningFunctions() => string.Join(", ",
        _options.Functions.All.Except(_options.Functions.Orchestrators.Select(each => each.Function)).Where(each => each.Running > 0).Select(each => each.Name));
}

namespace Atomic.LocalHost.ServiceBus.Processing;

/// <summary>Runs the loops of a processor until it is stopped. It can be started again then.</summary>
internal sealed class Pump
{
    private readonly Lock _gate = new();

    private Run? _run;

    public bool IsRunning
    {
        get
        {
            lock (_gate) return _run is { Stopping.IsCancellationRequested: false };
        }
    }

    /// <exception cref="InvalidOperationException">It runs already, or has not yet stopped.</exception>
    public void Start(int count, Func<CancellationToken, Task> loop)
    {
        lock (_gate)
        {
            if (_run is not null) throw new InvalidOperationException("The processor is running already. Stop it before it is started again.");
            var stopping = new CancellationTokenSource();
            var loops = Enumerable.Range(0, count).Select(_ => Task.Run(() => loop(stopping.Token), CancellationToken.None));
            _run = new Run(stopping, Task.WhenAll(loops));
        }
    }

    /// <summary>Ends the waiting for messages, and returns when the handlers under way have ended.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        Run? run;
        lock (_gate) run = _run;
        if (run is null) return;
        await run.Stopping.CancelAsync();
        await run.Loops.WaitAsync(cancellation);
        lock (_gate)
        {
            if (_run == run) _run = null;
        }
    }

    private sealed record Run(CancellationTokenSource Stopping, Task Loops);
}

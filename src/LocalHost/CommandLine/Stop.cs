using System.Runtime.InteropServices;

namespace Atomic.LocalHost.CommandLine;

/// <summary>Ctrl-C, a terminal that is closed, or a request to end. The first asks for a clean stop; a second ends the process.</summary>
internal sealed class Stop : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly List<PosixSignalRegistration> _signals;

    public Stop() => _signals =
        [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }.Select(signal => PosixSignalRegistration.Create(signal, Handle))];

    public CancellationToken Requested => _requested.Token;

    public Task WaitAsync()
    {
        var requested = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Requested.Register(requested.SetResult);
        return requested.Task;
    }

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _requested.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = !_requested.IsCancellationRequested;
        _requested.Cancel();
    }
}

namespace Atomic.Integration.Coordination;

/// <summary>Holds what comes to it until it is let go, each by itself or all together.</summary>
internal sealed class Hold
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly List<TaskCompletionSource> _held = [];
    private bool _isOpen;
    private int _passed;

    /// <summary>How many have come.</summary>
    public int Met
    {
        get
        {
            lock (_held) return _held.Count;
        }
    }

    public async Task<T> PassAsync<T>(Func<Task<T>> then)
    {
        await WaitAsync();
        try
        {
            return await then();
        }
        finally
        {
            Interlocked.Increment(ref _passed);
        }
    }

    public void Let(int which)
    {
        lock (_held) _held[which].TrySetResult();
    }

    public void LetAll()
    {
        lock (_held)
        {
            _isOpen = true;
            foreach (var one in _held) one.TrySetResult();
        }
    }

    /// <summary>Returns once so many have come.</summary>
    public Task MetAsync(int times = 1) => UntilAsync(() => Met >= times, $"{times} had to come");

    /// <summary>Returns once all that came and were let go have done what they came for.</summary>
    public Task PassedAsync() => UntilAsync(() => Volatile.Read(ref _passed) >= Met, "all had to pass");

    private Task WaitAsync()
    {
        lock (_held)
        {
            var one = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_isOpen) one.SetResult();
            _held.Add(one);
            return one.Task;
        }
    }

    // TimeProvider.System: what is waited for happens on other threads, whatever the host's clock says.
    private async Task UntilAsync(Func<bool> holds, string what)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !holds(); await Task.Delay(Pause, TimeProvider.System))
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience) throw new TimeoutException($"{what}: {Met} came, {_passed} passed.");
        }
    }
}

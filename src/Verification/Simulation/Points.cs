namespace Atomic.Verification.Simulation;

/// <summary>A call to storage or broker.</summary>
/// <param name="FollowsAtOnce">
/// Between the answer of the call before it and this one nothing has come about that outlasts the process: whoever crashes now leaves what
/// it would have left then.
/// </param>
public sealed record SimulatedCall(string Point, bool FollowsAtOnce);

/// <summary>
/// One process's calls to storage and broker: at each, others may run first, the script may say that it fails, and the process may end.
/// Of a process that has ended no call comes back, so nothing in it goes on.
/// </summary>
public sealed class Points(Scheduler scheduler, IFaults faults, Action crash)
{
    private bool _isDown;
    private (int Happened, long Scheduled) _answered = (-1, -1);

    /// <summary>How often each kind of call was made: the first word of its point.</summary>
    public Dictionary<string, int> Counts { get; } = [];

    /// <summary>Told of every call as it is made.</summary>
    public Action<SimulatedCall> Passing { get; set; } = _ => { };

    public bool IsDown => _isDown;

    public void GoDown() => _isDown = true;

    public async Task<T> PassAsync<T>(string point, Func<Task<T>> call)
    {
        var kind = point[..point.IndexOf(' ', StringComparison.Ordinal)];
        Counts[kind] = Counts.GetValueOrDefault(kind) + 1;
        // Nothing has happened or been scheduled since the last answer, and then nothing but this call itself.
        var last = _answered;
        var isNext = last == (scheduler.Trace.Count, scheduler.Scheduled);
        await scheduler.PassAsync(point);
        if (_isDown) await NeverAsync();
        Passing(new SimulatedCall(point, isNext && _answered == last && last == (scheduler.Trace.Count - 1, scheduler.Scheduled - 1)));
        var fault = faults.At(point);
        if (fault == Fault.Before) throw new SimulatedException(point);
        if (fault == Fault.CrashBefore) await EndAsync();
        var result = await call();
        if (_isDown) await NeverAsync();
        _answered = (scheduler.Trace.Count, scheduler.Scheduled);
        if (fault == Fault.CrashAfter) await EndAsync();
        return fault == Fault.After ? throw new SimulatedException(point) : result;
    }

    private Task EndAsync()
    {
        crash();
        return NeverAsync();
    }

    // A source of its own each time: whatever waits for it is forgotten with it.
    private static Task NeverAsync() => new TaskCompletionSource().Task;
}

namespace Atomic.LocalHost.DurableTask.Running;

/// <summary>What the engine has done since it was opened.</summary>
internal sealed class StepCounters
{
    private long _steps;
    private long _taken;
    private long _replayed;

    /// <summary>Steps committed.</summary>
    public long Steps => Interlocked.Read(ref _steps);

    /// <summary>Events given to an orchestrator for the first time.</summary>
    public long EventsTaken => Interlocked.Read(ref _taken);

    /// <summary>Events given to an orchestrator again, to bring it to where it was.</summary>
    public long EventsReplayed => Interlocked.Read(ref _replayed);

    public void Committed() => Interlocked.Increment(ref _steps);

    public void Took(int events) => Interlocked.Add(ref _taken, events);

    public void Replayed(int events) => Interlocked.Add(ref _replayed, events);
}

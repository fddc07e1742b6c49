using Atomic.LocalHost.DurableTask.Storage;

namespace Atomic.Unit.DurableTask;

/// <summary>Stops the writer at its n-th transaction, before it is durable or after that and before anyone hears of it.</summary>
internal sealed class StopAt(int transaction, bool before) : CommitProbe
{
    private int _seen;
    private volatile bool _stopped;
    private volatile bool _disarmed;

    public static StopAt Never => new(int.MaxValue, before: false);

    public bool Stopped => _stopped;

    /// <summary>From now on it stops nothing.</summary>
    public void Disarm() => _disarmed = true;

    public int Transactions => Volatile.Read(ref _seen);

    public override bool StopsBefore() => Interlocked.Increment(ref _seen) == transaction && before && !_disarmed && (_stopped = true);

    public override bool StopsAfter() => _seen == transaction && !_disarmed && (_stopped = true);
}

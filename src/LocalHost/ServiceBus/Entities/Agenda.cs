namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>What time it is in the broker, and when it has to look again by itself.</summary>
internal sealed class Agenda
{
    public DateTimeOffset Now { get; private set; }

    public DateTimeOffset Next { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>Something is due at <paramref name="time"/>. It need not be taken back: looking in vain does no harm.</summary>
    public void Wake(DateTimeOffset time)
    {
        if (time < Next) Next = time;
    }

    /// <summary>Time passes, never backwards. True when something is due; what is due later is then asked for anew.</summary>
    public bool AdvanceTo(DateTimeOffset time)
    {
        if (time > Now) Now = time;
        if (Next > Now) return false;
        Next = DateTimeOffset.MaxValue;
        return true;
    }
}

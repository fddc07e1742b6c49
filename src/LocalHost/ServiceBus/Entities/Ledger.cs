namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>What all entities of a broker share. Everything in here, and all that uses it, is touched by the broker's one thread only.</summary>
internal sealed class Ledger
{
    private long _lastRow;

    public Agenda Agenda { get; } = new();

    public Changes Changes { get; } = new();

    public WaitingRoom Waiting { get; } = new();

    /// <summary>Mailboxes in which something became available, or someone began to wait.</summary>
    public HashSet<Mailbox> Stirred { get; } = [];

    public DateTimeOffset Now => Agenda.Now;

    public long NextRow() => ++_lastRow;

    public void SkipRow(long row) => _lastRow = Math.Max(_lastRow, row);
}

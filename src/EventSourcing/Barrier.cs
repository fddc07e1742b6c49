namespace Atomic.EventSourcing;

/// <summary>What is known of one command at one stream, or of one step of a transaction (its do and its undo share a record).</summary>
public enum RecordState
{
    None,
    Started,
    Done,
    Refused,
    Undone,
}

/// <summary>The record of a command, written in the same entity group transaction as its effect.</summary>
/// <param name="DoVersion">The stream's version after the do's events; 0 when it wrote none.</param>
/// <param name="UndoVersion">The stream's version after the undo's events; 0 when it wrote none.</param>
public sealed record CommandRecord(string CommandId, RecordState State, long DoVersion, long UndoVersion, string? Reason);

/// <summary>What the barrier says to a do or an undo that meets a record.</summary>
public enum Passage
{
    /// <summary>Carry it out.</summary>
    Go,

    /// <summary>It was carried out before: no effect, the stored answer again.</summary>
    Repeat,

    /// <summary>A do that comes after its undo: no effect, answered as refused.</summary>
    TooLate,

    /// <summary>An undo of what was never done: the record alone, so that a late do finds it.</summary>
    Tombstone,
}

/// <summary>
/// The table that makes duplicates, undo-before-do and late do harmless. The states of a record are the columns of the
/// sub-transaction barrier of the saga pattern, here one row instead of three.
/// </summary>
public static class Barrier
{
    public static Passage OnDo(RecordState record) => record switch
    {
        RecordState.None or RecordState.Started => Passage.Go,
        RecordState.Undone => Passage.TooLate,
        _ => Passage.Repeat,
    };

    public static Passage OnUndo(RecordState record) => record switch
    {
        RecordState.Done or RecordState.Started => Passage.Go,
        RecordState.None => Passage.Tombstone,
        _ => Passage.Repeat,
    };
}

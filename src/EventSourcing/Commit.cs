namespace Atomic.EventSourcing;

/// <summary>Who and what caused a commit. Ids only; never personal data.</summary>
/// <param name="CorrelationId">The transaction, or the command that began it all.</param>
/// <param name="CausationId">The message or activity that asked for this commit.</param>
/// <param name="TraceParent">W3C trace context of the cause, if it had one.</param>
/// <param name="Actor">The person or system on whose behalf.</param>
public sealed record EventContext(string CorrelationId, string CausationId, string? TraceParent = null, string? Actor = null);

/// <summary>An event with its place in its stream. Versions are dense and begin at 1.</summary>
/// <param name="Type">The stored name, as in <c>StockReserved.v1</c>.</param>
public sealed record RecordedEvent(StreamId Stream, long Version, string Type, IEvent Data, EventContext Context, DateTimeOffset At)
{
    public StreamPosition Position => new(Stream, Version);
}

/// <summary>What a consumer is told of a stream: that it has come to a place, and by what event unless that must be read from the store.</summary>
/// <param name="At">When the event was recorded.</param>
/// <param name="Event">Null in a notification.</param>
public sealed record Heard(StreamPosition Position, DateTimeOffset At, RecordedEvent? Event)
{
    public static Heard Of(RecordedEvent e) => new(e.Position, e.At, e);
}

/// <summary>All events of one command, written as one.</summary>
public sealed record Commit(StreamId Stream, string CommandId, IReadOnlyList<RecordedEvent> Events);

/// <summary>What an append is to write: the events of one command, and the command's record in the same write.</summary>
/// <param name="CommandId">The key of the record; for a step of a transaction the same for its do and its undo.</param>
/// <param name="From">The state in which the record must be: <see cref="RecordState.None"/> inserts it, anything else replaces it.</param>
/// <param name="To">The state in which the append leaves the record.</param>
/// <param name="Events">None writes the record alone, and leaves the stream's version as it is.</param>
/// <param name="Reason">Why the command was refused, kept as its answer.</param>
public sealed record NewCommit(
    string CommandId, RecordState From, RecordState To, IReadOnlyList<IEvent> Events, string? Reason, EventContext Context)
{
    /// <summary>
    /// How many commits can be written together: a storage transaction has 100 rows, a commit takes two of them and all together the head.
    /// </summary>
    public const int MostTogether = 49;
}

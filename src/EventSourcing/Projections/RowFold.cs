namespace Atomic.EventSourcing;

/// <summary>
/// Takes a row forward by what was heard of its stream. The row's last version applied is the whole of its correctness: older events are
/// dropped, the next one is applied, and what is missing before one that came too early, or without its data, is read from the store.
/// </summary>
internal sealed class RowFold<TProjection, TState, TRow>(IEventStore events)
    where TProjection : IProjection<TState, TRow>
    where TState : IAggregate<TState>
    where TRow : class
{
    /// <param name="heard">Of one stream, oldest first.</param>
    /// <param name="standsStill">The row is blocked: whatever is heard, it may lack more than that.</param>
    /// <exception cref="MissingEventsException">The store does not have what was heard.</exception>
    public async Task<Folded<TRow>> OnAsync(Row<TRow>? row, IReadOnlyList<Heard> heard, bool standsStill, CancellationToken cancellation)
    {
        var fold = new Fold(row, heard[0].Position.Stream);
        foreach (var each in heard)
        {
            if (fold.Poison is not null || each.Position.Version <= fold.Version) continue;
            if (!standsStill && each.Event is { } e && e.Version == fold.Version + 1) fold.Apply(e);
            else await ReadOnAsync(fold, each.Position, cancellation);
        }

        return fold.ToFolded();
    }

    /// <summary>The row with all that the store has beyond it.</summary>
    public async Task<Folded<TRow>> ToTheEndAsync(Row<TRow>? row, StreamId stream, CancellationToken cancellation)
    {
        var fold = new Fold(row, stream);
        await ReadOnAsync(fold, new StreamPosition(stream, 0), cancellation);
        return fold.ToFolded();
    }

    private async Task ReadOnAsync(Fold fold, StreamPosition atLeast, CancellationToken cancellation)
    {
        try
        {
            await foreach (var commit in events.ReadAsync<TState>(fold.Stream.Id, fold.Version + 1, cancellation))
            {
                foreach (var e in commit.Events.Where(e => e.Version > fold.Version)) fold.Apply(e);
                if (fold.Poison is not null) return;
            }
        }
        catch (UnreadableEventException e)
        {
            fold.Block(e.Position, e.Message, e.At);
            return;
        }

        if (fold.Version < atLeast.Version) throw new MissingEventsException(atLeast, fold.Version);
    }

    /// <summary>A row on its way, one event at a time.</summary>
    internal sealed class Fold(Row<TRow>? row, StreamId stream)
    {
        private TRow? _data = row?.Data;

        public StreamId Stream => stream;

        public long Version { get; private set; } = row?.AppliedOf(stream) ?? 0;

        public StreamPosition? Poison { get; private set; }

        private Blocked? Blocked { get; set; }

        public void Apply(RecordedEvent e)
        {
            if (Poison is not null) return;
            try
            {
                _data = TProjection.Apply(_data, e) ?? _data;
                Version = e.Version;
            }
            catch (Exception exception)
            {
                // A pure fold that throws will throw again: whatever it is, the row cannot take this event.
                Block(e.Position, $"{e.Type}: {exception.Message}", e.At);
            }
        }

        public void Block(StreamPosition position, string reason, DateTimeOffset at) =>
            (Poison, Blocked) = (position, new Blocked(position.ToString(), reason, at));

        public Folded<TRow> ToFolded()
        {
            var after = _data is null
                ? null
                : new Row<TRow>(stream.Id, _data, new Dictionary<string, long> { [stream.ToString()] = Version }, row?.Tag) { Blocked = Blocked };
            return new Folded<TRow>(after, Version, Poison, Blocked, Version != (row?.AppliedOf(stream) ?? 0) || Blocked != row?.Blocked);
        }
    }
}

/// <summary>A row taken forward.</summary>
/// <param name="Row">Null while there is nothing to show.</param>
/// <param name="Poison">The event that it could not take.</param>
/// <param name="Changed">It is not as it was, and worth a write.</param>
internal sealed record Folded<TRow>(Row<TRow>? Row, long Version, StreamPosition? Poison, Blocked? Blocked, bool Changed) where TRow : class;

/// <summary>A stored event that this code cannot read: of an unknown type, or with data that do not fit it.</summary>
public sealed class UnreadableEventException(StreamPosition position, DateTimeOffset at, Exception why)
    : Exception($"{position} cannot be read: {why.Message}", why)
{
    public StreamPosition Position { get; } = position;

    public DateTimeOffset At { get; } = at;
}

/// <summary>A place in a stream to which the stream has not come.</summary>
/// <param name="actual">The stream's version; 0 when it does not exist.</param>
public sealed class MissingEventsException(StreamPosition asked, long actual)
    : Exception(actual == 0 ? $"Stream {asked.Stream} does not exist." : $"Stream {asked.Stream} is at version {actual}, not at {asked.Version}.")
{
    public StreamPosition Asked { get; } = asked;

    public long Actual { get; } = actual;
}

namespace Atomic.EventSourcing;

/// <summary>A read model with one row a stream: a pure fold of the stream's events.</summary>
/// <typeparam name="TState">The aggregate whose streams feed it.</typeparam>
/// <typeparam name="TRow">What a row holds.</typeparam>
public interface IProjection<TState, TRow> where TState : IAggregate<TState> where TRow : class
{
    /// <summary>The table of this projection in this version of it: letters and digits.</summary>
    static abstract string Table { get; }

    /// <summary>The row after <paramref name="e"/>; null while nothing has happened that the row would show.</summary>
    static abstract TRow? Apply(TRow? row, RecordedEvent e);

    /// <summary>The columns that lists can be filtered by.</summary>
    static abstract IReadOnlyDictionary<string, string> Columns(TRow row);
}

/// <summary>
/// Applies events to rows. Each row keeps the last version applied of its stream, and that is the whole of its correctness: older events
/// are dropped, the next one is applied, and before one that came too early the missing commits are fetched from the event store.
/// </summary>
public sealed class Projector<TProjection, TState, TRow>(IEventStore events, IReadModelStore rows)
    where TProjection : IProjection<TState, TRow>
    where TState : IAggregate<TState>
    where TRow : class
{
    private const int Attempts = 8;

    /// <exception cref="ContendedRowException">Others kept changing the row; the event was not applied.</exception>
    public async Task ProjectAsync(RecordedEvent e, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var before = e.Version == 1 && attempt == 0
                ? null
                : await rows.FindAsync<TRow>(TProjection.Table, e.Stream.Id, fresh: attempt > 0, cancellation);
            if (AppliedOf(before, e.Stream) >= e.Version) return;
            var after = AppliedOf(before, e.Stream) == e.Version - 1
                ? Apply(before, e)
                : await CatchUpAsync(before, e.Position, cancellation);
            if (after is null) return;
            if (await rows.WriteAsync(TProjection.Table, after, TProjection.Columns(after.Data), cancellation)) return;
        }

        throw new ContendedRowException(TProjection.Table, e.Stream.Id);
    }

    /// <summary>A row that shows at least <paramref name="atLeast"/>; what is missing is folded in memory, for this answer only.</summary>
    public async Task<Row<TRow>?> FindAsync(string id, StreamPosition? atLeast, CancellationToken cancellation)
    {
        var row = await rows.FindAsync<TRow>(TProjection.Table, id, fresh: true, cancellation);
        return atLeast is { } position && position.Stream == new StreamId(TState.Category, id) && AppliedOf(row, position.Stream) < position.Version
            ? await CatchUpAsync(row, position, cancellation)
            : row;
    }

    public Task<Page<Row<TRow>>> ListAsync(
        IReadOnlyDictionary<string, string> columns, int pageSize, string? continuation, CancellationToken cancellation) =>
        rows.ListAsync<TRow>(TProjection.Table, columns, pageSize, continuation, cancellation);

    private async Task<Row<TRow>?> CatchUpAsync(Row<TRow>? row, StreamPosition until, CancellationToken cancellation)
    {
        await foreach (var commit in events.ReadAsync<TState>(until.Stream.Id, AppliedOf(row, until.Stream) + 1, cancellation))
        {
            foreach (var missing in commit.Events.Where(e => e.Version > AppliedOf(row, e.Stream)))
                row = Apply(row, missing) ?? row;
        }

        return row;
    }

    private static Row<TRow>? Apply(Row<TRow>? row, RecordedEvent e)
    {
        var data = TProjection.Apply(row?.Data, e);
        if (data is null) return null;
        return new Row<TRow>(e.Stream.Id, data, new Dictionary<string, long> { [e.Stream.ToString()] = e.Version }, row?.Tag);
    }

    private static long AppliedOf(Row<TRow>? row, StreamId stream) => row?.Applied.GetValueOrDefault(stream.ToString()) ?? 0;
}

/// <summary>A row that others kept changing between every read and write of it.</summary>
public sealed class ContendedRowException(string table, string key)
    : Exception($"Row '{key}' of {table} was changed by others between every read and write of it.");

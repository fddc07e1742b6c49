namespace Atomic.EventSourcing;

public sealed partial class Projector<TProjection, TState, TRow>
{
    /// <summary>A row that shows at least what the tokens say; what is missing is folded in memory, for this answer only.</summary>
    /// <param name="tokens">Places in streams; those of other streams do not matter here.</param>
    /// <exception cref="MissingEventsException">A token's stream has not come so far.</exception>
    /// <exception cref="BlockedRowException">The row stands still before what a token says.</exception>
    public async Task<Row<TRow>?> FindAsync(string id, IReadOnlyList<StreamPosition> tokens, CancellationToken cancellation)
    {
        var stream = new StreamId(TState.Category, id);
        var state = await directory.FindAsync(TProjection.Name, cancellation);
        var row = await rows.FindAsync<TRow>(state.TableOf(state.Active.Number), id, fresh: true, cancellation);
        return NewestOf(tokens, stream) is { } token && (row?.AppliedOf(stream) ?? 0) < token.Version
            ? (await CatchUpAsync(row, token, cancellation)).Row
            : row;
    }

    /// <summary>A page of rows, of which those that the tokens speak of show at least what the tokens say: they are brought forward first.</summary>
    /// <exception cref="MissingEventsException">A token's stream has not come so far.</exception>
    /// <exception cref="BlockedRowException">A row stands still before what a token says.</exception>
    public async Task<Page<Row<TRow>>> ListAsync(
        IReadOnlyDictionary<string, string> columns, int pageSize, string? continuation, IReadOnlyList<StreamPosition> tokens, CancellationToken cancellation)
    {
        var state = await directory.FindAsync(TProjection.Name, cancellation);
        var table = state.TableOf(state.Active.Number);
        foreach (var stream in tokens.Select(token => token.Stream).Where(stream => stream.Category == TState.Category).Distinct())
            await BringForwardAsync(table, NewestOf(tokens, stream)!.Value, cancellation);
        return await rows.ListAsync<TRow>(table, columns, pageSize, continuation, cancellation);
    }

    /// <summary>By how many events a row is behind its stream as it is stored, whoever wrote to it. One point read.</summary>
    public async Task<long> LagOfAsync(Row<TRow> row, CancellationToken cancellation)
    {
        var stream = new StreamId(TState.Category, row.Key);
        return Math.Max(0, await events.FindVersionAsync(stream, cancellation) - row.AppliedOf(stream));
    }

    private async Task BringForwardAsync(string table, StreamPosition token, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var row = await rows.FindAsync<TRow>(table, token.Stream.Id, fresh: true, cancellation);
            if ((row?.AppliedOf(token.Stream) ?? 0) >= token.Version) return;
            if ((await CatchUpAsync(row, token, cancellation)).Row is not { } after) return;
            if (await rows.WriteAsync(table, after, TProjection.Columns(after.Data), cancellation)) return;
        }

        throw new ContendedRowException(table, token.Stream.Id);
    }

    private async Task<Folded<TRow>> CatchUpAsync(Row<TRow>? row, StreamPosition token, CancellationToken cancellation)
    {
        var after = await _fold.ToTheEndAsync(row, token.Stream, cancellation);
        if (after.Version >= token.Version) return after;
        throw after.Blocked is { } blocked
            ? new BlockedRowException(TProjection.Name, token.Stream.Id, blocked)
            : new MissingEventsException(token, after.Version);
    }

    private static StreamPosition? NewestOf(IReadOnlyList<StreamPosition> tokens, StreamId stream) =>
        tokens.Where(token => token.Stream == stream).Select(token => (StreamPosition?)token).MaxBy(token => token!.Value.Version);
}

namespace Atomic.EventSourcing;

/// <summary>How much of a rebuild has been done.</summary>
/// <param name="Rows">Rows that the rebuild wrote.</param>
/// <param name="Dropped">Rows that live events had brought as far already.</param>
public sealed record RebuildCount(long Streams, long Events, long Rows, long Dropped)
{
    public static RebuildCount None { get; } = new(0, 0, 0, 0);

    public static RebuildCount operator +(RebuildCount a, RebuildCount b) =>
        new(a.Streams + b.Streams, a.Events + b.Events, a.Rows + b.Rows, a.Dropped + b.Dropped);
}

/// <summary>
/// Fills a version of a projection from the streams while it takes live events: each stream is folded in memory, and its row written once,
/// many to a request. A row that a live event has made meanwhile is overwritten only by what goes further.
/// </summary>
public sealed class Rebuilder<TProjection, TState, TRow>(IStreamScan streams, IReadModelStore rows, IProjectionStates states)
    where TProjection : IProjection<TState, TRow>
    where TState : IAggregate<TState>
    where TRow : class
{
    private const int Attempts = 8;

    // Several requests' worth at once, since the rows of neighbouring ranges go to different partitions.
    private const int RowsAtOnce = 5 * IReadModelStore.MostTogether;

    /// <summary>Does the ranges <paramref name="from"/> to <paramref name="to"/> (not included). Again is harmless.</summary>
    public async Task<RebuildCount> RebuildAsync(ProjectionState state, int version, int from, int to, CancellationToken cancellation)
    {
        var (count, folded) = (RebuildCount.None, new List<Folded<TRow>>());
        RowFold<TProjection, TState, TRow>.Fold? fold = null;
        await foreach (var (stream, commit, unreadable) in streams.ScanAsync<TState>(from, to, cancellation))
        {
            if (fold?.Stream != stream)
            {
                if (fold is not null) folded.Add(fold.ToFolded());
                if (folded.Count >= RowsAtOnce) count += await WriteAsync(state, version, folded, cancellation);
                fold = new RowFold<TProjection, TState, TRow>.Fold(null, stream);
                count += new RebuildCount(1, 0, 0, 0);
            }

            foreach (var e in commit?.Events ?? []) fold.Apply(e);
            if (unreadable is not null) fold.Block(unreadable.Position, unreadable.Message, unreadable.At);
            count += new RebuildCount(0, commit?.Events.Count ?? 0, 0, 0);
        }

        if (fold is not null) folded.Add(fold.ToFolded());
        return count + await WriteAsync(state, version, folded, cancellation);
    }

    private async Task<RebuildCount> WriteAsync(ProjectionState state, int version, List<Folded<TRow>> folded, CancellationToken cancellation)
    {
        foreach (var stuck in folded.Where(each => each.Blocked is not null))
            await states.BlockAsync(state.Projection, new BlockedRow(version, stuck.Poison!.Value.Stream.Id, stuck.Blocked!), cancellation);

        var made = folded.Where(each => each.Row is not null).ToDictionary(each => each.Row!.Key);
        folded.Clear();
        if (made.Count == 0) return RebuildCount.None;
        var table = state.TableOf(version);
        var there = await rows.InsertAsync(table, [.. made.Values.Select(each => RowWrite.Of(each.Row!, TProjection.Columns(each.Row!.Data)))], cancellation);
        var dropped = 0;
        foreach (var key in there) dropped += await OverwriteAsync(table, made[key], cancellation) ? 0 : 1;
        return new RebuildCount(0, 0, made.Count - dropped, dropped);
    }

    private async Task<bool> OverwriteAsync(string table, Folded<TRow> folded, CancellationToken cancellation)
    {
        var row = folded.Row!;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var there = await rows.FindAsync<TRow>(table, row.Key, fresh: true, cancellation);
            if (there is not null && there.Applied.Values.Single() >= folded.Version) return false;
            if (await rows.WriteAsync(table, row with { Tag = there?.Tag }, TProjection.Columns(row.Data), cancellation)) return true;
        }

        throw new ContendedRowException(table, row.Key);
    }
}

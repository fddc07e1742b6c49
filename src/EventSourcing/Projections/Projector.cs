namespace Atomic.EventSourcing;

/// <summary>What became of something heard.</summary>
/// <param name="Poison">Why its row cannot take it; null when it can.</param>
/// <param name="Failure">Why it is not known to be applied: it must be heard again.</param>
public sealed record Projected(Heard Heard, string? Poison, Exception? Failure)
{
    /// <summary>In two versions an event may fare differently; what matters is the worse.</summary>
    internal static IReadOnlyList<Projected> Worst(IEnumerable<Projected> projected) =>
        [.. projected.GroupBy(each => each.Heard, ReferenceEqualityComparer.Instance)
            .Select(each => each.MaxBy(fate => (fate.Failure is not null, fate.Poison is not null))!)];
}

/// <summary>
/// Applies events to rows, in every version of the projection that takes live events. However many events of one row are heard together,
/// they cost one read and one write. An event that a row cannot take blocks this row alone: it is marked, later events of it wait in the
/// event store, and the row goes on when the event is heard again and can be taken, or is rebuilt.
/// </summary>
public sealed partial class Projector<TProjection, TState, TRow>(IEventStore events, IReadModelStore rows, IProjectionStates states, ProjectionDirectory directory)
    where TProjection : IProjection<TState, TRow>
    where TState : IAggregate<TState>
    where TRow : class
{
    private const int Attempts = 8;
    private const int RowsAtOnce = 16;

    private readonly RowFold<TProjection, TState, TRow> _fold = new(events);

    /// <exception cref="ContendedRowException">Others kept changing the row; the event was not applied.</exception>
    public async Task ProjectAsync(RecordedEvent e, CancellationToken cancellation)
    {
        var projected = (await ProjectAsync([Heard.Of(e)], cancellation))[0];
        if (projected.Failure is { } failure) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Applies a batch in any order, duplicates included; each row succeeds or fails by itself.</summary>
    public async Task<IReadOnlyList<Projected>> ProjectAsync(IReadOnlyList<Heard> heard, CancellationToken cancellation)
    {
        var state = await directory.FindAsync(TProjection.Name, cancellation);
        var work = from stream in heard.GroupBy(each => each.Position.Stream)
                   from version in state.Fed
                   select (Heard: stream.OrderBy(each => each.Position.Version).ToList(), Version: version.Number);
        var projected = new List<Projected>();
        foreach (var some in work.Chunk(RowsAtOnce))
        {
            foreach (var row in await Task.WhenAll(some.Select(row => ProjectRowAsync(state, row.Version, row.Heard, cancellation))))
                projected.AddRange(row);
        }

        return Projected.Worst(projected);
    }

    private async Task<IEnumerable<Projected>> ProjectRowAsync(ProjectionState state, int version, List<Heard> heard, CancellationToken cancellation)
    {
        try
        {
            var (poison, reason) = await WriteRowAsync(state, version, heard, cancellation);
            return heard.Select(each => new Projected(each, each.Position.Version == poison?.Version ? reason : null, null));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return heard.Select(each => new Projected(each, null, e));
        }
    }

    private async Task<(StreamPosition? Poison, string? Reason)> WriteRowAsync(
        ProjectionState state, int version, List<Heard> heard, CancellationToken cancellation)
    {
        var (table, key) = (state.TableOf(version), heard[0].Position.Stream.Id);
        var stoodStill = state.BlockedIn(version, key) is not null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var before = heard[0].Position.Version == 1 && attempt == 0 && !stoodStill
                ? null
                : await rows.FindAsync<TRow>(table, key, fresh: attempt > 0, cancellation);
            var after = await _fold.OnAsync(before, heard, stoodStill || before?.Blocked is not null, cancellation);
            if (after.Blocked is { } blocked && blocked != before?.Blocked)
                await states.BlockAsync(TProjection.Name, new BlockedRow(version, key, blocked), cancellation);
            if (!after.Changed || after.Row is not { } row || await rows.WriteAsync(table, row, TProjection.Columns(row.Data), cancellation))
            {
                if (after.Blocked is null && (stoodStill || before?.Blocked is not null))
                    await states.UnblockAsync(TProjection.Name, version, key, cancellation);
                return (after.Poison, after.Blocked?.Reason);
            }
        }

        throw new ContendedRowException(table, key);
    }
}

/// <summary>A row that others kept changing between every read and write of it.</summary>
public sealed class ContendedRowException(string table, string key)
    : Exception($"Row '{key}' of {table} was changed by others between every read and write of it.");

/// <summary>A row that stands still, and so cannot show what was asked for.</summary>
public sealed class BlockedRowException(string projection, string key, Blocked blocked)
    : Exception($"Row '{key}' of {projection} stands still before {blocked.Event}: {blocked.Reason}")
{
    public Blocked Blocked { get; } = blocked;
}

namespace Atomic.EventSourcing;

/// <summary>
/// Applies events to a view, in every version of it that takes live events. Events of one folder that are heard together are written
/// together. Rebuilding does the same with all events of the streams.
/// </summary>
public sealed partial class ViewProjector<TView, TItem, TSummary>(
    IEventStore events, IReadModelStore rows, IProjectionStates states, ProjectionDirectory directory)
    where TView : IView<TItem, TSummary>
    where TItem : class
    where TSummary : class
{
    private const int FoldersAtOnce = 16;
    private const int EventsAtOnce = 2000;

    private readonly FolderWriter<TView, TItem, TSummary> _folders = new(events, rows, states);

    /// <summary>Applies a batch in any order, duplicates included; each folder succeeds or fails by itself.</summary>
    public async Task<IReadOnlyList<Projected>> ProjectAsync(IReadOnlyList<Heard> heard, CancellationToken cancellation)
    {
        var state = await directory.FindAsync(TView.Name, cancellation);
        var resolved = await Task.WhenAll(heard.Select(each => ResolveAsync(each, cancellation)));
        var placed = resolved.Where(each => each.Place is not null).ToList();
        var work = from folder in placed.GroupBy(each => each.Place!.Folder)
                   from chunk in Chunks(folder)
                   from version in state.Fed
                   select (Folder: folder.Key, Chunk: chunk, Version: version.Number);
        var projected = resolved.Where(each => each.Place is null).Select(each => new Projected(each.Heard, null, each.Failure)).ToList();
        foreach (var some in work.Chunk(FoldersAtOnce))
        {
            foreach (var fates in await Task.WhenAll(some.Select(each => ProjectAsync(state, each.Version, each.Folder, each.Chunk, cancellation))))
                projected.AddRange(fates);
        }

        return Projected.Worst(projected);
    }

    /// <summary>Does the ranges <paramref name="from"/> to <paramref name="to"/> (not included) of every source. Again is harmless.</summary>
    public async Task<RebuildCount> RebuildAsync(IStreamScan streams, ProjectionState state, int version, int from, int to, CancellationToken cancellation)
    {
        var (count, placed) = (RebuildCount.None, new List<(Place Place, RecordedEvent Event)>());
        foreach (var source in TView.Sources)
        {
            StreamId? stream = null;
            await foreach (var scanned in source.ScanAsync(streams, from, to, cancellation))
            {
                if (scanned.Stream != stream)
                {
                    if (placed.Count >= EventsAtOnce) count += await WriteAsync(state, version, placed, cancellation);
                    stream = scanned.Stream;
                    count += new RebuildCount(1, 0, 0, 0);
                }

                // Which item it is of cannot be told: the stream itself stands still.
                if (scanned.Unreadable is { } e)
                    await states.BlockAsync(TView.Name, new BlockedRow(version, $"{e.Position.Stream}", new Blocked($"{e.Position}", e.Message, e.At)), cancellation);
                var read = scanned.Commit?.Events ?? [];
                placed.AddRange(read.Select(e => (TView.PlaceOf(e), e)).Where(each => each.Item1 is not null)!);
                count += new RebuildCount(0, read.Count, 0, 0);
            }
        }

        return count + await WriteAsync(state, version, placed, cancellation);
    }

    private async Task<RebuildCount> WriteAsync(
        ProjectionState state, int version, List<(Place Place, RecordedEvent Event)> placed, CancellationToken cancellation)
    {
        var items = placed.DistinctBy(each => each.Place).Count();
        foreach (var some in placed.GroupBy(each => each.Place.Folder).Chunk(FoldersAtOnce))
        {
            await Task.WhenAll(some.Select(async folder =>
            {
                foreach (var chunk in folder.GroupBy(each => each.Place).Chunk(FolderWriter<TView, TItem, TSummary>.MostItems))
                    await _folders.WriteAsync(state, version, folder.Key, [.. chunk.SelectMany(item => item)], cancellation);
            }));
        }

        placed.Clear();
        return new RebuildCount(0, 0, items, 0);
    }

    private async Task<IEnumerable<Projected>> ProjectAsync(
        ProjectionState state, int version, string folder, List<Resolved> chunk, CancellationToken cancellation)
    {
        try
        {
            var poison = await _folders.WriteAsync(state, version, folder, [.. chunk.Select(each => (each.Place!, each.Event!))], cancellation);
            return chunk.Select(each => new Projected(each.Heard, poison.GetValueOrDefault(each.Heard.Position)?.Reason, null));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return chunk.Select(each => new Projected(each.Heard, null, e));
        }
    }

    private static IEnumerable<List<Resolved>> Chunks(IEnumerable<Resolved> folder) =>
        folder.OrderBy(each => each.Heard.Position.Version).GroupBy(each => each.Place).Chunk(FolderWriter<TView, TItem, TSummary>.MostItems)
            .Select(chunk => chunk.SelectMany(item => item).ToList());

    /// <summary>The event itself, from the store when what was heard does not hold it, and its place.</summary>
    private async Task<Resolved> ResolveAsync(Heard heard, CancellationToken cancellation)
    {
        try
        {
            var e = heard.Event ?? await ReadAsync(heard.Position, cancellation);
            return new Resolved(heard, e, TView.PlaceOf(e), null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new Resolved(heard, null, null, e);
        }
    }

    private async Task<RecordedEvent> ReadAsync(StreamPosition position, CancellationToken cancellation)
    {
        var source = TView.Sources.First(source => source.Category == position.Stream.Category);
        await foreach (var commit in source.ReadAsync(events, position.Stream.Id, position.Version, cancellation))
        {
            if (commit.Events.FirstOrDefault(e => e.Version == position.Version) is { } found) return found;
        }

        throw new MissingEventsException(position, position.Version - 1);
    }

    private sealed record Resolved(Heard Heard, RecordedEvent? Event, Place? Place, Exception? Failure);
}

namespace Atomic.EventSourcing;

/// <summary>
/// Brings items of one folder forward, and the summary with them, in one write. Events of an item are gated by its version as those of a
/// row are; an item of one event is there or not. An item that cannot take an event stands still alone.
/// </summary>
internal sealed class FolderWriter<TView, TItem, TSummary>(IEventStore events, IReadModelStore rows, IProjectionStates states)
    where TView : IView<TItem, TSummary>
    where TItem : class
    where TSummary : class
{
    private const int Attempts = 32;

    /// <summary>How many items go into one write, beside the summary.</summary>
    public const int MostItems = IReadModelStore.MostTogether - 1;

    /// <param name="placed">Events of at most <see cref="MostItems"/> items, oldest first.</param>
    /// <returns>Why an item cannot take its event, by the event's place.</returns>
    /// <exception cref="ContendedRowException">Others kept changing the folder; nothing was written.</exception>
    public async Task<IReadOnlyDictionary<StreamPosition, Blocked>> WriteAsync(
        ProjectionState state, int version, string folder, IReadOnlyList<(Place Place, RecordedEvent Event)> placed, CancellationToken cancellation)
    {
        var table = state.TableOf(version);
        var items = placed.GroupBy(each => each.Place, each => each.Event).ToList();
        var (freshSummary, freshItems) = (false, false);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var changes = await Task.WhenAll(items.Select(item => ChangeAsync(state, version, table, item, freshItems, cancellation)));
            var changed = changes.Where(change => change.IsChanged).ToList();
            foreach (var change in changes.Where(change => change.Blocked is not null && change.Blocked != change.Before?.Blocked))
                await states.BlockAsync(TView.Name, new BlockedRow(version, change.Place.Key, change.Blocked!), cancellation);

            var refused = changed.Count == 0 ? null : await WriteAsync(table, folder, changed, freshSummary, cancellation);
            if (refused is null)
            {
                await UnblockAsync(state, version, changes, cancellation);
                return changes.Where(change => change.Poison is not null).ToDictionary(change => change.Poison!.Value, change => change.Blocked!);
            }

            if (refused == folder) freshSummary = true;
            else freshItems = true;
        }

        throw new ContendedRowException(table, folder);
    }

    private async Task<string?> WriteAsync(string table, string folder, List<Change> changed, bool fresh, CancellationToken cancellation)
    {
        var before = await rows.FindAsync<TSummary>(table, folder, fresh, cancellation);
        var summary = changed.Where(change => change.HasMoved).Aggregate(before?.Data, (summary, change) => TView.Summarize(summary, change.Before?.Data, change.After!));
        var writes = changed.Where(change => change.After is not null).Select(change => change.ToWrite()).ToList();
        if (writes.Count == 0) return null;
        if (summary is not null) writes.Add(new RowWrite(folder, summary, new Dictionary<string, long>(), new Dictionary<string, string>(), null, before?.Tag));
        return await rows.WriteTogetherAsync(table, writes, cancellation);
    }

    private async Task<Change> ChangeAsync(
        ProjectionState state, int version, string table, IGrouping<Place, RecordedEvent> item, bool fresh, CancellationToken cancellation)
    {
        var (place, first) = (item.Key, item.First());
        var stoodStill = state.BlockedIn(version, place.Key) is not null;
        // A new item is not asked for: if it is there after all, the write is refused.
        var before = (place.IsOfEvent || first.Version == 1) && !fresh && !stoodStill
            ? null
            : await rows.FindAsync<TItem>(table, place.Key, fresh, cancellation);
        var change = new Change(place, first.Stream, before);
        foreach (var e in item)
        {
            if (change.Poison is not null || e.Version <= change.Version) continue;
            if (place.IsOfEvent || (e.Version == change.Version + 1 && before?.Blocked is null && !stoodStill)) change.Apply(e);
            else await ReadOnAsync(change, e.Position, cancellation);
        }

        return change;
    }

    private async Task ReadOnAsync(Change change, StreamPosition atLeast, CancellationToken cancellation)
    {
        var source = TView.Sources.First(source => source.Category == change.Stream.Category);
        try
        {
            await foreach (var commit in source.ReadAsync(events, change.Stream.Id, change.Version + 1, cancellation))
            {
                foreach (var e in commit.Events.Where(e => e.Version > change.Version && TView.PlaceOf(e) == change.Place)) change.Apply(e);
                if (change.Poison is not null) return;
            }
        }
        catch (UnreadableEventException e)
        {
            change.Block(e.Position, e.Message, e.At);
            return;
        }

        if (change.Version < atLeast.Version) throw new MissingEventsException(atLeast, change.Version);
    }

    private async Task UnblockAsync(ProjectionState state, int version, Change[] changes, CancellationToken cancellation)
    {
        foreach (var change in changes.Where(change => change.Blocked is null))
        {
            if (change.Before?.Blocked is not null || state.BlockedIn(version, change.Place.Key) is not null)
                await states.UnblockAsync(TView.Name, version, change.Place.Key, cancellation);
        }
    }

    private sealed class Change(Place place, StreamId stream, Row<TItem>? before)
    {
        public Place Place => place;

        public StreamId Stream => stream;

        public Row<TItem>? Before => before;

        public TItem? After { get; private set; } = before?.Data;

        public long Version { get; private set; } = before?.AppliedOf(stream) ?? 0;

        public StreamPosition? Poison { get; private set; }

        public Blocked? Blocked { get; private set; }

        public bool HasMoved => Version != (before?.AppliedOf(stream) ?? 0);

        public bool IsChanged => HasMoved || Blocked != before?.Blocked;

        public void Apply(RecordedEvent e)
        {
            if (Poison is not null) return;
            try
            {
                After = TView.Apply(After, e);
                Version = e.Version;
            }
            catch (Exception exception)
            {
                Block(e.Position, $"{e.Type}: {exception.Message}", e.At);
            }
        }

        public void Block(StreamPosition position, string reason, DateTimeOffset at) =>
            (Poison, Blocked) = (position, new Blocked(position.ToString(), reason, at));

        public RowWrite ToWrite() => new(
            place.Key, After!, new Dictionary<string, long> { [stream.ToString()] = Version }, new Dictionary<string, string>(), Blocked, before?.Tag);
    }
}

using Atomic.EventSourcing;
using Atomic.TableStorage.Rows;

namespace Atomic.TableStorage;

internal sealed partial class TableEventStore
{
    public async ValueTask<StreamHead<TState>> LoadAsync<TState>(string id, bool likelyNew, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        cancellation.ThrowIfCancellationRequested();
        var stream = new StreamId(TState.Category, id);
        if (_warm.Find<StreamHead<TState>>(stream) is { } known) return known;
        if (likelyNew) return Nothing<TState>(stream);
        return (await ReadHeadAsync<TState>(stream, cancellation)).Head;
    }

    public void Forget(StreamId stream) => _warm.Evict(stream);

    private static StreamHead<TState> Nothing<TState>(StreamId stream) where TState : IAggregate<TState> =>
        new(stream, 0, TState.Initial, [], null);

    /// <summary>The head as it is stored, and who wrote it.</summary>
    private async Task<(StreamHead<TState> Head, string? CommitId)> ReadHeadAsync<TState>(StreamId stream, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        var (table, keys) = (tables[stream.Category], new StreamKeys(stream));
        while (true)
        {
            if (await table.FindAsync(keys.Partition, keys.Head, cancellation) is not { } row) return (Nothing<TState>(stream), null);
            var head = HeadRow.Read(row);
            var isReadable = head.Schema == StateSchema<TState>.Hash;
            var state = isReadable ? await ReadStateAsync(keys, head, stream, cancellation) : null;
            // Between the reads of head and state another writer took a new snapshot: the new head tells of it.
            if (isReadable && state is null) continue;

            var from = isReadable ? head.StateVersion : 0;
            var stored = state is null ? TState.Initial : Snapshot.Read<TState>(state);
            var folded = from == head.Version ? stored : await FoldAsync(stream, stored, from, head.Version, cancellation);
            var tag = new HeadTag(from, head.ETag).ToString();
            return (new StreamHead<TState>(stream, head.Version, folded, RecentRecords.Read(head.Recent), tag), head.CommitId);
        }
    }

    /// <summary>Null when rows that hold it have been written anew since the head was read.</summary>
    private async Task<byte[]?> ReadStateAsync(StreamKeys keys, HeadRow head, StreamId stream, CancellationToken cancellation)
    {
        if (head.SnapshotRows == 0) return head.State;
        var rows = await Task.WhenAll(Enumerable.Range(0, head.SnapshotRows)
            .Select(part => tables[stream.Category].FindAsync(keys.Partition, keys.Snapshot(part), cancellation)));
        if (rows.Any(row => row is null))
            throw new StreamDamagedException(stream, $"{head.SnapshotRows} rows of a snapshot", $"{rows.Count(row => row is not null)}");
        return rows.All(row => Snapshot.VersionOf(row!) == head.StateVersion) ? Snapshot.Join(rows!) : null;
    }

    private async Task<TState> FoldAsync<TState>(StreamId stream, TState state, long after, long until, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        var version = after;
        await foreach (var commit in ReadAsync<TState>(stream.Id, after + 1, cancellation))
        {
            // What was appended since the head was read is not part of it.
            foreach (var e in commit.Events.Where(e => e.Version > after && e.Version <= until))
            {
                if (e.Version != version + 1) throw new StreamDamagedException(stream, $"version {version + 1}", $"version {e.Version}");
                (state, version) = (state.Evolve(e.Data), e.Version);
            }
        }

        if (version != until) throw new StreamDamagedException(stream, $"events up to version {until}", $"none after {version}");
        return state;
    }
}

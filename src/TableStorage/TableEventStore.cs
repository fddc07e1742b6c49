using System.Runtime.CompilerServices;
using Atomic.EventSourcing;
using Atomic.TableStorage.Rows;
using Atomic.TableStorage.Tables;
using Azure.Data.Tables;

namespace Atomic.TableStorage;

/// <summary>
/// Streams on Table Storage: a table a category, a partition a stream. An append is one entity group transaction of the head, the commit
/// and the command's record, guarded by the head's ETag; the head carries the state, so that loading a stream is one point read.
/// </summary>
internal sealed partial class TableEventStore(TableSet tables, TableStorageOptions options, TimeProvider time) : IEventStore, IStreamScan
{
    private readonly WarmCache<StreamId> _warm = new(options.WarmStreams);

    public async Task<long> FindVersionAsync(StreamId stream, CancellationToken cancellation)
    {
        var keys = new StreamKeys(stream);
        return await tables[stream.Category].FindAsync(keys.Partition, keys.Head, cancellation) is { } row ? HeadRow.Read(row).Version : 0;
    }

    public async Task<CommandRecord?> FindRecordAsync(StreamId stream, string commandId, CancellationToken cancellation)
    {
        var keys = new StreamKeys(stream);
        var row = await tables[stream.Category].FindAsync(keys.Partition, keys.Record(commandId), cancellation);
        return row is null ? null : RecordRow.Read(row, commandId);
    }

    public async Task<Commit?> FindCommitAsync<TState>(string id, long lastVersion, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        var stream = new StreamId(TState.Category, id);
        var (table, keys) = (tables[stream.Category], new StreamKeys(stream));
        if (await table.FindAsync(keys.Partition, keys.Commit(lastVersion), cancellation) is not { } first) return null;
        var rows = new List<TableEntity> { first };
        for (var part = 1; part < CommitRows.Parts(first); part++)
        {
            var row = await table.FindAsync(keys.Partition, keys.Commit(lastVersion, part), cancellation);
            rows.Add(row ?? throw new StreamDamagedException(stream, $"part {part} of the commit at version {lastVersion}", "nothing"));
        }

        return CommitRows.Read<TState>(stream, rows);
    }

    public async IAsyncEnumerable<Commit> ReadAsync<TState>(
        string id, long fromVersion, [EnumeratorCancellation] CancellationToken cancellation) where TState : IAggregate<TState>
    {
        var stream = new StreamId(TState.Category, id);
        var keys = new StreamKeys(stream);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {keys.Partition} and RowKey ge {StreamKeys.CommitsFrom(fromVersion)} and RowKey lt {StreamKeys.CommitsEnd}");
        var rows = new List<TableEntity>();
        await foreach (var row in tables[stream.Category].QueryAsync(filter, cancellation))
        {
            rows.Add(row);
            if (rows.Count < CommitRows.Parts(rows[0])) continue;
            yield return CommitRows.Read<TState>(stream, rows);
            rows.Clear();
        }
    }
}

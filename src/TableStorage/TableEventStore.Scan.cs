using System.Runtime.CompilerServices;
using Atomic.EventSourcing;
using Atomic.TableStorage.Rows;
using Azure.Data.Tables;

namespace Atomic.TableStorage;

internal sealed partial class TableEventStore
{
    public async IAsyncEnumerable<Scanned> ScanAsync<TState>(int from, int to, [EnumeratorCancellation] CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey ge {StreamKeys.RangeFrom(from)} and PartitionKey lt {StreamKeys.RangeFrom(to)} and RowKey ge {StreamKeys.CommitsFrom(0)} and RowKey lt {StreamKeys.CommitsEnd}");
        var rows = new List<TableEntity>();
        StreamId? unreadable = null;
        await foreach (var row in tables[TState.Category].QueryAsync(filter, cancellation))
        {
            rows.Add(row);
            if (rows.Count < CommitRows.Parts(rows[0])) continue;
            var stream = new StreamId(TState.Category, StreamKeys.IdOf(row.PartitionKey));
            var scanned = stream == unreadable ? null : Read<TState>(stream, rows);
            rows.Clear();
            if (scanned is null) continue;
            if (scanned.Unreadable is not null) unreadable = stream;
            yield return scanned;
        }
    }

    private static Scanned Read<TState>(StreamId stream, List<TableEntity> rows) where TState : IAggregate<TState>
    {
        try
        {
            return new Scanned(stream, CommitRows.Read<TState>(stream, rows), null);
        }
        catch (UnreadableEventException e)
        {
            return new Scanned(stream, null, e);
        }
    }
}

using System.Collections.Concurrent;
using Atomic.EventSourcing;
using Atomic.TableStorage.Rows;
using Atomic.TableStorage.Tables;
using Azure;
using Azure.Data.Tables;

namespace Atomic.TableStorage;

internal sealed partial class TableReadModels
{
    private const int PartitionsAtOnce = 16;

    // Some of a transaction's 4 MiB is left for what is around the rows.
    private const long MostBytes = 3_900_000;

    public async Task<string?> WriteTogetherAsync(string table, IReadOnlyList<RowWrite> rows, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var actions = rows.Select(ActionOf).ToList();
        try
        {
            var result = await tables[table].SubmitAsync(actions, cancellation);
            if (result.ETags is not { } etags)
            {
                Evict(table, rows);
                return rows[result.RefusedRow!.Value].Key;
            }

            foreach (var (row, etag) in rows.Zip(etags))
            {
                if (row.Kind == WriteKind.Delete) _warm.Evict((table, row.Key));
                else _warm.Put((table, row.Key), row with { Tag = etag, Kind = WriteKind.Guarded });
            }

            return null;
        }
        catch
        {
            // Whether they were written is unknown.
            Evict(table, rows);
            throw;
        }
    }

    public async Task<IReadOnlyList<string>> InsertAsync(string table, IReadOnlyList<RowWrite> rows, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var there = new ConcurrentBag<string>();
        var batches = rows.Select(row => (row.Key, Entity: EntityOf(row))).GroupBy(row => row.Entity.PartitionKey).SelectMany(Batches);
        foreach (var some in batches.Chunk(PartitionsAtOnce))
            await Task.WhenAll(some.Select(batch => InsertAsync(tables[table], batch, there, cancellation)));
        return [.. there];
    }

    private static TableTransactionAction ActionOf(RowWrite row) => row switch
    {
        { Kind: WriteKind.Delete } => TableBatch.Delete(PartitionOf(row.Key), KeyText.Encode(row.Key)),
        { Kind: WriteKind.Put } => TableBatch.Put(EntityOf(row)),
        { Tag: null } => TableBatch.Insert(EntityOf(row)),
        _ => TableBatch.Replace(EntityOf(row), new ETag(row.Tag)),
    };

    private static async Task InsertAsync(
        Table table, List<(string Key, TableEntity Entity)> batch, ConcurrentBag<string> there, CancellationToken cancellation)
    {
        while (batch.Count > 0)
        {
            var result = await table.SubmitAsync([.. batch.Select(row => TableBatch.Insert(row.Entity))], cancellation);
            if (result.RefusedRow is not { } refused) return;
            there.Add(batch[refused].Key);
            batch.RemoveAt(refused);
        }
    }

    private static IEnumerable<List<(string Key, TableEntity Entity)>> Batches(IEnumerable<(string Key, TableEntity Entity)> rows)
    {
        var (batch, bytes) = (new List<(string Key, TableEntity Entity)>(), 0L);
        foreach (var row in rows)
        {
            var size = RowSize.InBatch(row.Entity);
            if (batch.Count == TableLimits.BatchRows || (batch.Count > 0 && bytes + size > MostBytes))
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(row);
            bytes += size;
        }

        if (batch.Count > 0) yield return batch;
    }

    private void Evict(string table, IReadOnlyList<RowWrite> rows)
    {
        foreach (var row in rows) _warm.Evict((table, row.Key));
    }
}

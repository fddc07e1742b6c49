using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.TableStorage.Rows;
using Atomic.TableStorage.Tables;
using Azure.Data.Tables;

namespace Atomic.TableStorage;

/// <summary>
/// Read models on Table Storage: a table for each version of a projection, its rows spread over 256 partitions by their folders, which are
/// their keys where those have one part.
/// </summary>
internal sealed partial class TableReadModels(TableSet tables, TableStorageOptions options) : IReadModelStore
{
    private readonly WarmCache<(string Table, string Key)> _warm = new(options.WarmRows);

    public async ValueTask<Row<TRow>?> FindAsync<TRow>(string table, string key, bool fresh, CancellationToken cancellation)
        where TRow : class
    {
        cancellation.ThrowIfCancellationRequested();
        if (!fresh && _warm.Find<RowWrite>((table, key)) is { } known)
            return new Row<TRow>(key, (TRow)known.Data, known.Applied, known.Tag) { Blocked = known.Blocked };
        var found = await tables[table].FindAsync(PartitionOf(key), KeyText.Encode(key), cancellation);
        return found is null ? null : Read<TRow>(found);
    }

    public async Task<bool> WriteAsync<TRow>(
        string table, Row<TRow> row, IReadOnlyDictionary<string, string> columns, CancellationToken cancellation) where TRow : class
    {
        cancellation.ThrowIfCancellationRequested();
        var write = RowWrite.Of(row, columns);
        var entity = EntityOf(write);
        try
        {
            var etag = row.Tag is null
                ? await tables[table].InsertAsync(entity, cancellation)
                : await tables[table].ReplaceAsync(entity, row.Tag, cancellation);
            if (etag is null) _warm.Evict((table, row.Key));
            else _warm.Put((table, row.Key), write with { Tag = etag });
            return etag is not null;
        }
        catch
        {
            // Whether it was written is unknown.
            _warm.Evict((table, row.Key));
            throw;
        }
    }

    private static string PartitionOf(string key)
    {
        var bar = key.IndexOf('|', StringComparison.Ordinal);
        return KeyHash.Of(bar < 0 ? key : key[..bar]).Range;
    }

    private static TableEntity EntityOf(RowWrite row)
    {
        var entity = new TableEntity(PartitionOf(row.Key), KeyText.Encode(row.Key));
        foreach (var (name, value) in row.Columns) entity[ReadModelColumn.Of(name)] = value;
        var data = JsonSerializer.SerializeToElement(row.Data, row.Data.GetType(), StorageJson.Options);
        var stored = new StoredRow<JsonElement>(data, row.Applied, row.Blocked);
        Binary.Put(entity, "Row", Packed.Pack(JsonSerializer.SerializeToUtf8Bytes(stored, StorageJson.Options)));
        return entity;
    }

    private static Row<TRow> Read<TRow>(TableEntity entity) where TRow : class
    {
        var stored = JsonSerializer.Deserialize<StoredRow<TRow>>(Packed.Unpack(Binary.Get(entity, "Row")!).Span, StorageJson.Options)!;
        return new Row<TRow>(KeyText.Decode(entity.RowKey), stored.Data, stored.Applied, entity.ETag.ToString()) { Blocked = stored.Blocked };
    }

    private sealed record StoredRow<TRow>(TRow Data, IReadOnlyDictionary<string, long> Applied, Blocked? Blocked);
}

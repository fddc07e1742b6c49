using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.TableStorage.Rows;
using Atomic.TableStorage.Tables;
using Azure.Data.Tables;

namespace Atomic.TableStorage;

/// <summary>Read models on Table Storage: a table for each version of a projection, its rows spread over 256 partitions.</summary>
internal sealed partial class TableReadModels(TableSet tables, TableStorageOptions options) : IReadModelStore
{
    private readonly WarmCache<(string Table, string Key)> _warm = new(options.WarmRows);

    public async ValueTask<Row<TRow>?> FindAsync<TRow>(string table, string key, bool fresh, CancellationToken cancellation)
        where TRow : class
    {
        cancellation.ThrowIfCancellationRequested();
        if (!fresh && _warm.Find<Row<TRow>>((table, key)) is { } known) return known;
        var found = await tables[table].FindAsync(KeyHash.Of(key).Range, KeyText.Encode(key), cancellation);
        return found is null ? null : Read<TRow>(found);
    }

    public async Task<bool> WriteAsync<TRow>(
        string table, Row<TRow> row, IReadOnlyDictionary<string, string> columns, CancellationToken cancellation) where TRow : class
    {
        cancellation.ThrowIfCancellationRequested();
        var entity = EntityOf(row, columns);
        try
        {
            var etag = row.Tag is null
                ? await tables[table].InsertAsync(entity, cancellation)
                : await tables[table].ReplaceAsync(entity, row.Tag, cancellation);
            if (etag is null) _warm.Evict((table, row.Key));
            else _warm.Put((table, row.Key), row with { Tag = etag });
            return etag is not null;
        }
        catch
        {
            // Whether it was written is unknown.
            _warm.Evict((table, row.Key));
            throw;
        }
    }

    private static TableEntity EntityOf<TRow>(Row<TRow> row, IReadOnlyDictionary<string, string> columns) where TRow : class
    {
        var entity = new TableEntity(KeyHash.Of(row.Key).Range, KeyText.Encode(row.Key));
        foreach (var (name, value) in columns) entity[ReadModelColumn.Of(name)] = value;
        var stored = new StoredRow<TRow>(row.Data, row.Applied);
        Binary.Put(entity, "Row", Packed.Pack(JsonSerializer.SerializeToUtf8Bytes(stored, StorageJson.Options)));
        return entity;
    }

    private static Row<TRow> Read<TRow>(TableEntity entity) where TRow : class
    {
        var stored = JsonSerializer.Deserialize<StoredRow<TRow>>(Packed.Unpack(Binary.Get(entity, "Row")!).Span, StorageJson.Options)!;
        return new Row<TRow>(KeyText.Decode(entity.RowKey), stored.Data, stored.Applied, entity.ETag.ToString());
    }

    private sealed record StoredRow<TRow>(TRow Data, IReadOnlyDictionary<string, long> Applied);
}

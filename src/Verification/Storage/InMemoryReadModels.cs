using System.Globalization;
using System.Text.Json;
using Atomic.EventSourcing;

namespace Atomic.Verification.Storage;

/// <summary>The read models' contract without I/O. Rows pass through their stored form.</summary>
public sealed class InMemoryReadModels : IReadModelStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SortedDictionary<string, StoredRow>> _tables = [];
    private long _writes;

    /// <summary>Requests that storage would have been sent.</summary>
    public int Requests { get; private set; }

    public ValueTask<Row<TRow>?> FindAsync<TRow>(string table, string key, bool fresh, CancellationToken cancellation) where TRow : class
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            Requests++;
            return ValueTask.FromResult(TableOf(table).TryGetValue(key, out var stored) ? stored.As<TRow>(key) : null);
        }
    }

    public async Task<bool> WriteAsync<TRow>(
        string table, Row<TRow> row, IReadOnlyDictionary<string, string> columns, CancellationToken cancellation) where TRow : class =>
        await WriteTogetherAsync(table, [RowWrite.Of(row, columns)], cancellation) is null;

    public Task<string?> WriteTogetherAsync(string table, IReadOnlyList<RowWrite> rows, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows.Count, IReadModelStore.MostTogether);
        if (rows.Select(row => FolderOf(row.Key)).Distinct().Count() > 1 || rows.DistinctBy(row => row.Key).Count() < rows.Count)
            throw new ArgumentException("Rows that are written together have one folder and different keys.", nameof(rows));
        lock (_gate)
        {
            Requests++;
            if (rows.FirstOrDefault(row => IsRefused(row, TableOf(table).GetValueOrDefault(row.Key))) is { } stale) return Task.FromResult<string?>(stale.Key);
            foreach (var row in rows)
            {
                if (row.Kind == WriteKind.Delete) TableOf(table).Remove(row.Key);
                else Put(table, row);
            }

            return Task.FromResult<string?>(null);
        }
    }

    public Task<IReadOnlyList<string>> InsertAsync(string table, IReadOnlyList<RowWrite> rows, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            Requests++;
            var there = rows.Where(row => TableOf(table).ContainsKey(row.Key)).Select(row => row.Key).ToList();
            foreach (var row in rows.ExceptBy(there, row => row.Key)) Put(table, row);
            return Task.FromResult<IReadOnlyList<string>>(there);
        }
    }

    public Task<Page<Row<TRow>>> ListFolderAsync<TRow>(
        string table, FolderSlice slice, int pageSize, string? continuation, CancellationToken cancellation) where TRow : class =>
        PageAsync<TRow>(table, row => IsIn(slice, row.Key) && (slice.Columns is null || row.Value.Has(slice.Columns)), pageSize, continuation, cancellation);

    public Task<Page<Row<TRow>>> ListAsync<TRow>(
        string table, IReadOnlyDictionary<string, string> columns, int pageSize, string? continuation, CancellationToken cancellation)
        where TRow : class => PageAsync<TRow>(table, row => row.Value.Has(columns), pageSize, continuation, cancellation);

    /// <summary>Every row of a table in its stored form, by key.</summary>
    public IReadOnlyDictionary<string, string> Stored(string table)
    {
        lock (_gate) return TableOf(table).ToDictionary(row => row.Key, row => row.Value.Text);
    }

    public void Drop(string table)
    {
        lock (_gate) _tables.Remove(table);
    }

    private Task<Page<Row<TRow>>> PageAsync<TRow>(
        string table, Func<KeyValuePair<string, StoredRow>, bool> filter, int pageSize, string? continuation, CancellationToken cancellation)
        where TRow : class
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        lock (_gate)
        {
            var skip = Skip(table, continuation);
            var matching = TableOf(table).Where(filter).ToList();
            var page = matching.Skip(skip).Take(pageSize).Select(row => row.Value.As<TRow>(row.Key)).ToList();
            var next = skip + page.Count < matching.Count ? string.Create(CultureInfo.InvariantCulture, $"{table}+{skip + page.Count}") : null;
            return Task.FromResult(new Page<Row<TRow>>(page, next));
        }
    }

    private void Put(string table, RowWrite row)
    {
        var data = JsonSerializer.Serialize(row.Data, row.Data.GetType(), StorageJson.Options);
        TableOf(table)[row.Key] = new StoredRow(data, row.Applied.ToDictionary(), row.Columns.ToDictionary(), row.Blocked, $"{++_writes}");
    }

    private static bool IsRefused(RowWrite row, StoredRow? there) => row.Kind switch
    {
        WriteKind.Put => false,
        WriteKind.Delete => there is null,
        _ => there?.Tag != row.Tag,
    };

    private static bool IsIn(FolderSlice slice, string key)
    {
        if (!key.StartsWith($"{slice.Folder}|", StringComparison.Ordinal)) return false;
        var item = key[(slice.Folder.Length + 1)..];
        return string.CompareOrdinal(item, slice.From ?? "") >= 0 && (slice.Before is null || string.CompareOrdinal(item, slice.Before) < 0);
    }

    private static string FolderOf(string key) => key.Split('|')[0];

    private static int Skip(string table, string? continuation)
    {
        if (continuation is null) return 0;
        if (!continuation.StartsWith(table + "+", StringComparison.Ordinal)) throw new ContinuationException();
        if (!int.TryParse(continuation.AsSpan(table.Length + 1), CultureInfo.InvariantCulture, out var skip)) throw new ContinuationException();
        return skip;
    }

    private SortedDictionary<string, StoredRow> TableOf(string table)
    {
        if (_tables.TryGetValue(table, out var rows)) return rows;
        return _tables[table] = new SortedDictionary<string, StoredRow>(StringComparer.Ordinal);
    }

    private sealed record StoredRow(
        string Data, IReadOnlyDictionary<string, long> Applied, IReadOnlyDictionary<string, string> Columns, Blocked? Blocked, string Tag)
    {
        /// <summary>All that matters of a row, in one text.</summary>
        public string Text => $"{Data} {string.Join(",", Applied.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}@{entry.Value}"))} {Blocked}";

        public Row<TRow> As<TRow>(string key) where TRow : class =>
            new(key, JsonSerializer.Deserialize<TRow>(Data, StorageJson.Options)!, Applied, Tag) { Blocked = Blocked };

        public bool Has(IReadOnlyDictionary<string, string> columns) =>
            columns.All(column => Columns.TryGetValue(column.Key, out var value) && value == column.Value);
    }
}

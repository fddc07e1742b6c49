using System.Globalization;
using System.Text.Json;
using Atomic.EventSourcing;

namespace Atomic.Testing.EventStore;

/// <summary>The read models' contract without I/O. Rows pass through their stored form.</summary>
public sealed class InMemoryReadModels : IReadModelStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SortedDictionary<string, Stored>> _tables = [];
    private long _writes;

    public ValueTask<Row<TRow>?> FindAsync<TRow>(string table, string key, bool fresh, CancellationToken cancellation) where TRow : class
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate) return ValueTask.FromResult(TableOf(table).TryGetValue(key, out var stored) ? stored.As<TRow>(key) : null);
    }

    public Task<bool> WriteAsync<TRow>(
        string table, Row<TRow> row, IReadOnlyDictionary<string, string> columns, CancellationToken cancellation) where TRow : class
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var rows = TableOf(table);
            if (rows.GetValueOrDefault(row.Key)?.Tag != row.Tag) return Task.FromResult(false);
            var data = JsonSerializer.Serialize(row.Data, StorageJson.Options);
            rows[row.Key] = new Stored(data, row.Applied.ToDictionary(), columns.ToDictionary(), $"{++_writes}");
            return Task.FromResult(true);
        }
    }

    public Task<Page<Row<TRow>>> ListAsync<TRow>(
        string table, IReadOnlyDictionary<string, string> columns, int pageSize, string? continuation, CancellationToken cancellation)
        where TRow : class
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        lock (_gate)
        {
            var skip = Skip(table, continuation);
            var matching = TableOf(table).Where(row => row.Value.Has(columns)).ToList();
            var page = matching.Skip(skip).Take(pageSize).Select(row => row.Value.As<TRow>(row.Key)).ToList();
            var next = skip + page.Count < matching.Count ? string.Create(CultureInfo.InvariantCulture, $"{table}+{skip + page.Count}") : null;
            return Task.FromResult(new Page<Row<TRow>>(page, next));
        }
    }

    private static int Skip(string table, string? continuation)
    {
        if (continuation is null) return 0;
        if (!continuation.StartsWith(table + "+", StringComparison.Ordinal)) throw new ContinuationException();
        if (!int.TryParse(continuation.AsSpan(table.Length + 1), CultureInfo.InvariantCulture, out var skip)) throw new ContinuationException();
        return skip;
    }

    private SortedDictionary<string, Stored> TableOf(string table)
    {
        if (_tables.TryGetValue(table, out var rows)) return rows;
        return _tables[table] = new SortedDictionary<string, Stored>(StringComparer.Ordinal);
    }

    private sealed record Stored(
        string Data, IReadOnlyDictionary<string, long> Applied, IReadOnlyDictionary<string, string> Columns, string Tag)
    {
        public Row<TRow> As<TRow>(string key) where TRow : class =>
            new(key, JsonSerializer.Deserialize<TRow>(Data, StorageJson.Options)!, Applied, Tag);

        public bool Has(IReadOnlyDictionary<string, string> columns) =>
            columns.All(column => Columns.TryGetValue(column.Key, out var value) && value == column.Value);
    }
}

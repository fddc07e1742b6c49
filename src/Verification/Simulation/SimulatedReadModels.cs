using Atomic.EventSourcing;
using Atomic.Verification.Storage;

namespace Atomic.Verification.Simulation;

/// <summary>Read models in memory, each call a point.</summary>
public sealed class SimulatedReadModels(InMemoryReadModels inner, Points points) : IReadModelStore
{
    /// <summary>The keys of all rows of a table.</summary>
    public IEnumerable<string> Keys(string table) => inner.Stored(table).Keys;

    public async ValueTask<Row<TRow>?> FindAsync<TRow>(string table, string key, bool fresh, CancellationToken cancellation) where TRow : class =>
        await points.PassAsync($"read {table} {key}", () => inner.FindAsync<TRow>(table, key, fresh, cancellation).AsTask());

    public Task<bool> WriteAsync<TRow>(
        string table, Row<TRow> row, IReadOnlyDictionary<string, string> columns, CancellationToken cancellation) where TRow : class =>
        points.PassAsync($"write {table} {row.Key}", () => inner.WriteAsync(table, row, columns, cancellation));

    public Task<string?> WriteTogetherAsync(string table, IReadOnlyList<RowWrite> rows, CancellationToken cancellation) =>
        points.PassAsync($"write {table} {rows[0].Key}", () => inner.WriteTogetherAsync(table, rows, cancellation));

    public Task<IReadOnlyList<string>> InsertAsync(string table, IReadOnlyList<RowWrite> rows, CancellationToken cancellation) =>
        points.PassAsync($"write {table} {rows[0].Key}", () => inner.InsertAsync(table, rows, cancellation));

    public Task<Page<Row<TRow>>> ListFolderAsync<TRow>(
        string table, FolderSlice slice, int pageSize, string? continuation, CancellationToken cancellation) where TRow : class =>
        points.PassAsync($"list {table}", () => inner.ListFolderAsync<TRow>(table, slice, pageSize, continuation, cancellation));

    public Task<Page<Row<TRow>>> ListAsync<TRow>(
        string table, IReadOnlyDictionary<string, string> columns, int pageSize, string? continuation, CancellationToken cancellation)
        where TRow : class =>
        points.PassAsync($"list {table}", () => inner.ListAsync<TRow>(table, columns, pageSize, continuation, cancellation));
}

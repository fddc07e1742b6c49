namespace Atomic.EventSourcing;

/// <summary>A row of a read model, with the last version applied of each stream that feeds it.</summary>
/// <param name="Tag">What the store needs to guard the next write; null for a row that does not exist yet.</param>
public sealed record Row<TRow>(string Key, TRow Data, IReadOnlyDictionary<string, long> Applied, string? Tag);

/// <summary>One page of a list, and where the next one begins.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Continuation);

/// <summary>Rows of read models: one table per projection and version of it.</summary>
public interface IReadModelStore
{
    /// <summary>One point read, or none when this process wrote the row last and <paramref name="fresh"/> is false.</summary>
    ValueTask<Row<TRow>?> FindAsync<TRow>(string table, string key, bool fresh, CancellationToken cancellation) where TRow : class;

    /// <summary>Writes the row if it is still as it was read (or does not exist, when <see cref="Row{TRow}.Tag"/> is null); false when it is not.</summary>
    Task<bool> WriteAsync<TRow>(string table, Row<TRow> row, IReadOnlyDictionary<string, string> columns, CancellationToken cancellation)
        where TRow : class;

    /// <summary>A page of rows whose <paramref name="columns"/> have the given values, ordered by the store.</summary>
    Task<Page<Row<TRow>>> ListAsync<TRow>(
        string table, IReadOnlyDictionary<string, string> columns, int pageSize, string? continuation, CancellationToken cancellation)
        where TRow : class;
}

/// <summary>A continuation that no answer of this store contained.</summary>
public sealed class ContinuationException() : Exception("The continuation is not one that this service has given.");

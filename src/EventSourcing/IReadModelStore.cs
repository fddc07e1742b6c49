namespace Atomic.EventSourcing;

/// <summary>A row of a read model, with the last version applied of each stream that feeds it.</summary>
/// <param name="Tag">What the store needs to guard the next write; null for a row that does not exist yet.</param>
public sealed record Row<TRow>(string Key, TRow Data, IReadOnlyDictionary<string, long> Applied, string? Tag)
{
    /// <summary>Why the row stands still; null while it does not.</summary>
    public Blocked? Blocked { get; init; }

    /// <summary>The last version of <paramref name="stream"/> that the row shows; 0 when it shows nothing of it.</summary>
    public long AppliedOf(StreamId stream) => Applied.GetValueOrDefault(stream.ToString());
}

/// <summary>How a row is to be written.</summary>
public enum WriteKind
{
    /// <summary>If it is still as it was read, or is not there when it was not.</summary>
    Guarded,

    /// <summary>Whatever is there.</summary>
    Put,

    /// <summary>It goes; it must be there.</summary>
    Delete,
}

/// <summary>A row as it is to be written, whatever it holds.</summary>
/// <param name="Columns">What lists can be filtered by.</param>
public sealed record RowWrite(
    string Key,
    object Data,
    IReadOnlyDictionary<string, long> Applied,
    IReadOnlyDictionary<string, string> Columns,
    Blocked? Blocked,
    string? Tag)
{
    public WriteKind Kind { get; init; }

    public static RowWrite Of<TRow>(Row<TRow> row, IReadOnlyDictionary<string, string> columns) where TRow : class =>
        new(row.Key, row.Data, row.Applied, columns, row.Blocked, row.Tag);
}

/// <summary>An event that a row could not take. The row shows all that came before it, and nothing after it.</summary>
/// <param name="Event">Its place in its stream.</param>
/// <param name="Since">When the event was recorded.</param>
public sealed record Blocked(string Event, string Reason, DateTimeOffset Since);

/// <summary>A part of a folder's items.</summary>
/// <param name="From">Of the item's key: from here on; null from the first on.</param>
/// <param name="Before">Of the item's key: up to here, and not this one; null up to the last.</param>
/// <param name="Columns">The values that columns must have; null when any will do.</param>
public sealed record FolderSlice(
    string Folder, string? From = null, string? Before = null, IReadOnlyDictionary<string, string>? Columns = null);

/// <summary>One page of a list, and where the next one begins.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Continuation);

/// <summary>
/// Rows of read models: one table per projection and version of it. A key may have two parts, <c>folder|item</c>: the rows of a folder can
/// be written together, and listed in the order of their keys.
/// </summary>
public interface IReadModelStore
{
    /// <summary>How many rows can be written together.</summary>
    const int MostTogether = 100;

    /// <summary>One point read, or none when this process wrote the row last and <paramref name="fresh"/> is false.</summary>
    ValueTask<Row<TRow>?> FindAsync<TRow>(string table, string key, bool fresh, CancellationToken cancellation) where TRow : class;

    /// <summary>Writes the row if it is still as it was read (or does not exist, when <see cref="Row{TRow}.Tag"/> is null); false when it is not.</summary>
    Task<bool> WriteAsync<TRow>(string table, Row<TRow> row, IReadOnlyDictionary<string, string> columns, CancellationToken cancellation)
        where TRow : class;

    /// <summary>Writes rows of one folder, each as its <see cref="WriteKind"/> says, all of them or none.</summary>
    /// <param name="rows">At least one, at most <see cref="MostTogether"/>, of different keys.</param>
    /// <returns>Null when all were written; else the key of one that was not as it had been read.</returns>
    Task<string?> WriteTogetherAsync(string table, IReadOnlyList<RowWrite> rows, CancellationToken cancellation);

    /// <summary>Writes the rows that are not there yet, as many to a request as go into one.</summary>
    /// <returns>The keys of those that were there, and were left as they are.</returns>
    Task<IReadOnlyList<string>> InsertAsync(string table, IReadOnlyList<RowWrite> rows, CancellationToken cancellation);

    /// <summary>A page of a folder's items, ordered by key.</summary>
    Task<Page<Row<TRow>>> ListFolderAsync<TRow>(string table, string folder, int pageSize, string? continuation, CancellationToken cancellation)
        where TRow : class => ListFolderAsync<TRow>(table, new FolderSlice(folder), pageSize, continuation, cancellation);

    /// <summary>A page of some of a folder's items, ordered by key. It may hold fewer than there are, and none, and yet not be the last.</summary>
    Task<Page<Row<TRow>>> ListFolderAsync<TRow>(
        string table, FolderSlice slice, int pageSize, string? continuation, CancellationToken cancellation) where TRow : class;

    /// <summary>A page of rows whose <paramref name="columns"/> have the given values, ordered by the store.</summary>
    Task<Page<Row<TRow>>> ListAsync<TRow>(
        string table, IReadOnlyDictionary<string, string> columns, int pageSize, string? continuation, CancellationToken cancellation)
        where TRow : class;
}

/// <summary>A continuation that no answer of this store contained.</summary>
public sealed class ContinuationException() : Exception("The continuation is not one that this service has given.");

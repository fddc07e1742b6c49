using Azure;
using Azure.Data.Tables;

namespace Atomic.TableStorage.Tables;

/// <summary>How an entity group transaction ended: all written, or nothing, because of one row.</summary>
/// <param name="RefusedRow">The index of the row that could not be written as asked; null when all were written.</param>
/// <param name="ETags">Of the rows, in their order; null when none were written.</param>
internal readonly record struct BatchResult(int? RefusedRow, IReadOnlyList<string>? ETags)
{
    public string? FirstETag => ETags?[0];
}

internal static class TableBatch
{
    public static TableTransactionAction Insert(TableEntity row) => new(TableTransactionActionType.Add, row);

    public static TableTransactionAction Replace(TableEntity row, ETag etag) => new(TableTransactionActionType.UpdateReplace, row, etag);

    public static TableTransactionAction Merge(TableEntity row, ETag etag) => new(TableTransactionActionType.UpdateMerge, row, etag);

    /// <summary>Whatever is there; but something must be.</summary>
    public static TableTransactionAction Delete(string partition, string row) =>
        new(TableTransactionActionType.Delete, new TableEntity(partition, row), ETag.All);

    /// <summary>Whatever is there.</summary>
    public static TableTransactionAction Put(TableEntity row) => new(TableTransactionActionType.UpsertReplace, row);
}

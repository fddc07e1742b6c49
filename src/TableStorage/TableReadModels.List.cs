using Atomic.EventSourcing;
using Atomic.TableStorage.Rows;
using Atomic.TableStorage.Tables;
using Azure.Data.Tables;

namespace Atomic.TableStorage;

internal sealed partial class TableReadModels
{
    // Azure may answer a query over partitions with few rows, or none, and go on elsewhere; so a page may take several requests. A list
    // that matches next to nothing ends its page early rather than go through a large table for one caller.
    private const int RequestsPerPage = 20;

    private readonly ContinuationKey _continuationKey = new(tables);

    public Task<Page<Row<TRow>>> ListAsync<TRow>(
        string table, IReadOnlyDictionary<string, string> columns, int pageSize, string? continuation, CancellationToken cancellation)
        where TRow : class => PageAsync<TRow>(table, FilterOf(columns), pageSize, continuation, cancellation);

    public Task<Page<Row<TRow>>> ListFolderAsync<TRow>(
        string table, FolderSlice slice, int pageSize, string? continuation, CancellationToken cancellation) where TRow : class
    {
        // Keys are encoded, and so is the bar after the folder: what begins so and the next are the bounds of its items.
        var (from, to) = (KeyText.Encode($"{slice.Folder}|{slice.From}"), KeyText.Encode(slice.Before is null ? $"{slice.Folder}}}" : $"{slice.Folder}|{slice.Before}"));
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {PartitionOf(slice.Folder)} and RowKey ge {from} and RowKey lt {to}");
        var columns = FilterOf(slice.Columns ?? new Dictionary<string, string>());
        return PageAsync<TRow>(table, columns is null ? filter : $"{filter} and {columns}", pageSize, continuation, cancellation);
    }

    private async Task<Page<Row<TRow>>> PageAsync<TRow>(
        string table, string? filter, int pageSize, string? continuation, CancellationToken cancellation) where TRow : class
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        TableLimits.CheckPage(table, pageSize);
        var scope = $"{table} {filter}";
        var next = continuation is null ? null : Continuation.Read(continuation, scope, await _continuationKey.GetAsync(cancellation));
        var rows = new List<Row<TRow>>();
        for (var request = 0; request < RequestsPerPage && rows.Count < pageSize && (request == 0 || next is not null); request++)
        {
            var page = await tables[table].PageAsync(filter, pageSize - rows.Count, next, cancellation);
            rows.AddRange(page.Rows.Select(Read<TRow>));
            next = page.Continuation;
        }

        var token = next is null ? null : Continuation.Write(next, scope, await _continuationKey.GetAsync(cancellation));
        return new Page<Row<TRow>>(rows, token);
    }

    private static string? FilterOf(IReadOnlyDictionary<string, string> columns) => columns.Count == 0 ? null : string.Join(" and ", columns
        .OrderBy(column => column.Key, StringComparer.Ordinal)
        .Select(column => $"{ReadModelColumn.Of(column.Key)} eq {TableClient.CreateQueryFilter($"{column.Value}")}"));
}

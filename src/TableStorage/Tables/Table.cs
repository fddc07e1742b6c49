using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Atomic.TableStorage.Tables;

/// <summary>
/// One table, made when something is first written to it. The only way to the client: it checks Azure's limits before it sends, and turns
/// the client's exceptions into answers where they are answers, and into <see cref="TableStorageException"/> where they are not.
/// </summary>
internal sealed class Table
{
    private readonly TableClient _client;

    public Table(TableServiceClient service, string name)
    {
        TableLimits.CheckName(name);
        _client = service.GetTableClient(name);
    }

    /// <summary>One point read; null when there is no such row, or no such table.</summary>
    public async Task<TableEntity?> FindAsync(string partition, string row, CancellationToken cancellation)
    {
        TableLimits.CheckKey(_client.Name, "partition key", partition);
        TableLimits.CheckKey(_client.Name, "row key", row);
        try
        {
            var found = await _client.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellation);
            return found.HasValue ? found.Value : null;
        }
        catch (Exception e) when (Translated(e, "a read", cancellation) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>All of the rows or none.</summary>
    public async Task<BatchResult> SubmitAsync(IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellation)
    {
        TableLimits.CheckBatch(_client.Name, actions);
        try
        {
            var answer = await CreatingAsync(() => _client.SubmitTransactionAsync(actions, cancellation), cancellation);
            return new BatchResult(null, [.. answer.Value.Select(row => row.Headers.ETag?.ToString() ?? "")]);
        }
        catch (TableTransactionFailedException e) when (IsRefusal(e) && e.FailedTransactionActionIndex is { } index)
        {
            return new BatchResult(index, null);
        }
        catch (Exception e) when (Translated(e, "a transaction", cancellation) is { } translated)
        {
            throw translated;
        }
    }

    /// <returns>The new row's ETag; null when there is one already.</returns>
    public Task<string?> InsertAsync(TableEntity row, CancellationToken cancellation) =>
        WriteAsync(row, "an insert", () => _client.AddEntityAsync(row, cancellation), cancellation);

    /// <returns>The row's new ETag; null when it is not as <paramref name="etag"/> says, or gone.</returns>
    public Task<string?> ReplaceAsync(TableEntity row, string etag, CancellationToken cancellation) =>
        WriteAsync(
            row, "an update", () => _client.UpdateEntityAsync(row, new ETag(etag), TableUpdateMode.Replace, cancellation), cancellation);

    /// <summary>Whatever is there.</summary>
    public Task PutAsync(TableEntity row, CancellationToken cancellation) =>
        WriteAsync(row, "a put", () => _client.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellation), cancellation);

    /// <summary>Whatever is there; nothing being there is fine.</summary>
    public async Task DeleteAsync(string partition, string row, CancellationToken cancellation)
    {
        try
        {
            await _client.DeleteEntityAsync(partition, row, cancellationToken: cancellation);
        }
        catch (RequestFailedException e) when (IsRefusal(e) || e.ErrorCode == TableErrorCode.TableNotFound)
        {
            // It is as it was to become.
        }
        catch (Exception e) when (Translated(e, "a deletion", cancellation) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>The table with all its rows; nothing being there is fine.</summary>
    public async Task DropAsync(CancellationToken cancellation)
    {
        try
        {
            await _client.DeleteAsync(cancellation);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // It is as it was to become.
        }
        catch (Exception e) when (Translated(e, "the deletion", cancellation) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Every row for which <paramref name="filter"/> holds, in the order of their keys.</summary>
    public async IAsyncEnumerable<TableEntity> QueryAsync(string? filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? continuation = null;
        do
        {
            var page = await PageAsync(filter, TableLimits.PageRows, continuation, cancellation);
            foreach (var row in page.Rows) yield return row;
            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    /// <summary>One request's worth of rows, which may be fewer than there are, and none, and yet not the last.</summary>
    public async Task<(IReadOnlyList<TableEntity> Rows, string? Continuation)> PageAsync(
        string? filter, int rows, string? continuation, CancellationToken cancellation)
    {
        TableLimits.CheckPage(_client.Name, rows);
        try
        {
            await foreach (var page in _client.QueryAsync<TableEntity>(filter, rows, cancellationToken: cancellation).AsPages(continuation))
                return (page.Values, string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound)
        {
            return ([], null);
        }
        catch (Exception e) when (Translated(e, "a query", cancellation) is { } translated)
        {
            throw translated;
        }

        return ([], null);
    }

    private async Task<string?> WriteAsync(TableEntity row, string operation, Func<Task<Response>> write, CancellationToken cancellation)
    {
        TableLimits.CheckRow(_client.Name, row);
        try
        {
            return (await CreatingAsync(write, cancellation)).Headers.ETag.ToString();
        }
        catch (RequestFailedException e) when (IsRefusal(e))
        {
            return null;
        }
        catch (Exception e) when (Translated(e, operation, cancellation) is { } translated)
        {
            throw translated;
        }
    }

    // To look first would cost every process a request for every table; this costs two more once in the life of a table.
    private async Task<T> CreatingAsync<T>(Func<Task<T>> write, CancellationToken cancellation)
    {
        try
        {
            return await write();
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound)
        {
            await _client.CreateIfNotExistsAsync(cancellation);
            return await write();
        }
    }

    private static bool IsRefusal(RequestFailedException e) =>
        e.ErrorCode == TableErrorCode.EntityAlreadyExists || e.ErrorCode == TableErrorCode.UpdateConditionNotSatisfied
        || e.ErrorCode == TableErrorCode.ResourceNotFound || e.ErrorCode == TableErrorCode.EntityNotFound;

    private TableStorageException? Translated(Exception e, string operation, CancellationToken cancellation) => e switch
    {
        RequestFailedException failed => new TableStorageException(_client.Name, operation, failed.Status, failed.ErrorCode, failed),
        // The client wraps what its tries ended in, and reports its own time limit as a cancellation.
        AggregateException => new TableStorageException(_client.Name, operation, 0, null, e.InnerException ?? e),
        OperationCanceledException when !cancellation.IsCancellationRequested =>
            new TableStorageException(_client.Name, operation, 0, null, e),
        _ => null,
    };
}

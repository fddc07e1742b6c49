using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Atomic.TableStorage.Tables;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Azure.Storage.Blobs;

namespace Atomic.TableStorage.Export;

/// <summary>A part of an export, which is restored at once.</summary>
public sealed record RestorePart(string Day, string Table, string Range);

/// <summary>What is to be restored.</summary>
/// <param name="Rows">How many rows of each table came with the export; the keys of people are not among them, for some may be erased since.</param>
public sealed record RestorePlan(string Day, IReadOnlyList<RestorePart> Parts, IReadOnlyDictionary<string, long> Rows);

/// <summary>
/// Writes an export's tables back, all but read models, which are rebuilt. It adds rows and never changes one: a part that was cut off is
/// done again, and one that meets other rows than it would write stops there.
/// </summary>
public sealed class EventStoreRestore(TableServiceClient? tables, BlobContainerClient? container, BlobContainerClient? keys)
{
    private const int BatchesAtOnce = 16;

    // Some of a transaction's 4 MiB is left for what is around the rows.
    private const long MostBytes = 3_900_000;

    /// <summary>For a host that has no exports.</summary>
    public static EventStoreRestore Off { get; } = new(null, null, null);

    /// <summary>The days of which there is a whole export, the newest first.</summary>
    public async Task<IReadOnlyList<string>> DaysAsync(CancellationToken cancellation)
    {
        var days = new List<string>();
        if (container is null || !await container.ExistsAsync(cancellation)) return days;
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: cancellation))
        {
            if (blob.Name.EndsWith($"/{EventStoreExport.ManifestName}", StringComparison.Ordinal)) days.Add(blob.Name.Split('/')[0]);
        }

        return [.. days.OrderDescending(StringComparer.Ordinal)];
    }

    /// <exception cref="RestoreException">There is no whole export of that day.</exception>
    public async Task<RestorePlan> PlanAsync(string day, CancellationToken cancellation)
    {
        var days = await DaysAsync(cancellation);
        if (container is null || !days.Contains(day)) throw RestoreException.NoExport(day, days);
        var content = await container.GetBlobClient($"{day}/{EventStoreExport.ManifestName}").DownloadContentAsync(cancellation);
        var manifest = content.Value.Content.ToObjectFromJson<ExportManifest>(JsonSerializerOptions.Web)!;
        var rows = manifest.Tables.Where(table => ExportedTables.AreRestored(table.Key)).ToDictionary();
        var parts = from table in rows.Keys.Append(ExportedTables.Keys)
                    from range in KeyRange.All
                    select new RestorePart(day, table, range.Name);
        return new RestorePlan(day, [.. parts], rows);
    }

    /// <returns>How many rows the part has, whether they were written now or before.</returns>
    /// <exception cref="RestoreException">Other rows are there.</exception>
    public async Task<long> RestoreAsync(RestorePart part, CancellationToken cancellation)
    {
        var range = KeyRange.All.Single(each => each.Name == part.Range);
        var blob = ExportedTables.AreKeys(part.Table)
            ? keys!.GetBlobClient(ExportedTables.BlobOfKeys(part.Table, range))
            : container!.GetBlobClient(ExportedTables.BlobOf(part.Day, part.Table, range));
        if (ExportedTables.AreKeys(part.Table) && !await blob.ExistsAsync(cancellation)) return 0;

        var table = tables!.GetTableClient(part.Table);
        await table.CreateIfNotExistsAsync(cancellation);
        long rows = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = BatchesAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(BatchesAsync(blob, cancellation), options, async (batch, token) =>
        {
            await WriteAsync(table, batch, token);
            Interlocked.Add(ref rows, batch.Count);
        });
        return rows;
    }

    /// <exception cref="RestoreException">A table has not as many rows as were exported.</exception>
    public static void Check(RestorePlan plan, IEnumerable<(RestorePart Part, long Rows)> restored)
    {
        var counts = restored.GroupBy(each => each.Part.Table).ToDictionary(table => table.Key, table => table.Sum(each => each.Rows));
        foreach (var (table, expected) in plan.Rows)
        {
            if (counts.GetValueOrDefault(table) != expected) throw RestoreException.Incomplete(table, counts.GetValueOrDefault(table), expected);
        }
    }

    private static async Task WriteAsync(TableClient table, List<TableEntity> batch, CancellationToken cancellation)
    {
        try
        {
            await table.SubmitTransactionAsync(batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancellation);
        }
        catch (TableTransactionFailedException e) when (e.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            foreach (var row in batch) await WriteAsync(table, row, cancellation);
        }
    }

    private static async Task WriteAsync(TableClient table, TableEntity row, CancellationToken cancellation)
    {
        try
        {
            await table.AddEntityAsync(row, cancellation);
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            var there = await table.GetEntityAsync<TableEntity>(row.PartitionKey, row.RowKey, cancellationToken: cancellation);
            if (RowLine.Of(there.Value) != RowLine.Of(row)) throw RestoreException.Occupied(table.Name, row.PartitionKey, row.RowKey);
        }
    }

    /// <summary>The rows of a blob, those of one partition together as far as a transaction takes them.</summary>
    private static async IAsyncEnumerable<List<TableEntity>> BatchesAsync(BlobClient blob, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var compressed = new GZipStream(await blob.OpenReadAsync(cancellationToken: cancellation), CompressionMode.Decompress);
        using var lines = new StreamReader(compressed);
        var (batch, bytes) = (new List<TableEntity>(), 0L);
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            var row = RowLine.Read(line);
            var size = RowSize.InBatch(row);
            if (batch.Count > 0 && (batch[0].PartitionKey != row.PartitionKey || batch.Count == TableLimits.BatchRows || bytes + size > MostBytes))
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(row);
            bytes += size;
        }

        if (batch.Count > 0) yield return batch;
    }
}

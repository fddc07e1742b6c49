using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Atomic.TableStorage.Export;

/// <summary>What an export holds.</summary>
/// <param name="Tables">How many rows of each table.</param>
public sealed record ExportManifest(string Day, DateTimeOffset CompletedAt, IReadOnlyDictionary<string, long> Tables)
{
    public long Rows => Tables.Values.Sum();
}

/// <summary>
/// Copies all tables of the event store's account to blobs, once a day: a folder a day, in it a folder a table, in it a compressed blob of
/// lines for each of 16 ranges of keys. What an earlier run of the day has written is not written again, so a run that was cut off is
/// continued by the next. The manifest is written last: a folder without one is not a whole export.
/// </summary>
/// <param name="container">Null where nothing is to be exported.</param>
/// <param name="keys">
/// Where the keys of people go, apart: each run writes over what the last one wrote, so that a key that was erased is not in a backup for
/// years, and with it all that it was to make unreadable.
/// </param>
public sealed class EventStoreExport(TableServiceClient? tables, BlobContainerClient? container, BlobContainerClient? keys, TimeProvider clock)
{
    public const string ManifestName = "manifest.json";

    private const string RowCount = "rows";
    private const int AtATime = 4;

    private static readonly BlobRequestConditions OnlyNew = new() { IfNoneMatch = ETag.All };

    /// <summary>For a host that has nowhere to export to.</summary>
    public static EventStoreExport Off(TimeProvider clock) => new(null, null, null, clock);

    /// <summary>Exports what the day's export still lacks.</summary>
    /// <returns>Null when there is nothing to do: the day's export is whole, or there is nowhere to export to.</returns>
    public async Task<ExportManifest?> RunAsync(CancellationToken cancellation)
    {
        if (tables is null || container is null) return null;
        var day = clock.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var manifest = container.GetBlobClient($"{day}/{ManifestName}");
        if (await manifest.ExistsAsync(cancellation)) return null;

        var rows = new Dictionary<string, long>();
        await foreach (var table in tables.QueryAsync(cancellationToken: cancellation))
        {
            if (ExportedTables.AreKeys(table.Name)) await ExportKeysAsync(tables.GetTableClient(table.Name), cancellation);
            else rows[table.Name] = await ExportTableAsync(day, tables.GetTableClient(table.Name), container, cancellation);
        }

        var exported = new ExportManifest(day, clock.GetUtcNow(), rows);
        await manifest.UploadAsync(BinaryData.FromObjectAsJson(exported, JsonSerializerOptions.Web), new BlobUploadOptions { Conditions = OnlyNew }, cancellation);
        return exported;
    }

    private async Task ExportKeysAsync(TableClient table, CancellationToken cancellation)
    {
        if (keys is null) throw new InvalidOperationException($"There is nowhere to export {table.Name} to: keys are not kept beside what they seal.");
        foreach (var range in KeyRange.All) await ExportRangeAsync(table, range, keys.GetBlobClient(ExportedTables.BlobOfKeys(table.Name, range)), null, cancellation);
    }

    private async Task<long> ExportTableAsync(string day, TableClient table, BlobContainerClient target, CancellationToken cancellation)
    {
        long rows = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation };
        await Parallel.ForEachAsync(KeyRange.All, options, async (range, token) =>
        {
            var blob = target.GetBlobClient(ExportedTables.BlobOf(day, table.Name, range));
            Interlocked.Add(ref rows, await blob.ExistsAsync(token) ? await CountAsync(blob, token) : await ExportRangeAsync(table, range, blob, OnlyNew, token));
        });
        return rows;
    }

    // Through a file: the number of rows is known at the end, and goes with the blob, which cannot be changed later.
    private async Task<long> ExportRangeAsync(
        TableClient table, KeyRange range, BlobClient blob, BlobRequestConditions? conditions, CancellationToken cancellation)
    {
        await using var file = new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
        var rows = await WriteAsync(file, new TableReader(table, clock).ReadAsync(range, cancellation), cancellation);
        file.Position = 0;
        var upload = new BlobUploadOptions
        {
            Conditions = conditions,
            Metadata = new Dictionary<string, string> { [RowCount] = rows.ToString(CultureInfo.InvariantCulture) },
        };
        await blob.UploadAsync(file, upload, cancellation);
        return rows;
    }

    private static async Task<long> WriteAsync(Stream target, IAsyncEnumerable<TableEntity> rows, CancellationToken cancellation)
    {
        long count = 0;
        await using var compressed = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true);
        await using var writer = new Utf8JsonWriter(compressed);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            RowLine.Write(writer, row);
            await writer.FlushAsync(cancellation);
            writer.Reset();
            compressed.WriteByte((byte)'\n');
            count++;
        }

        return count;
    }

    private static async Task<long> CountAsync(BlobClient blob, CancellationToken cancellation)
    {
        var properties = await blob.GetPropertiesAsync(cancellationToken: cancellation);
        return long.Parse(properties.Value.Metadata[RowCount], CultureInfo.InvariantCulture);
    }
}

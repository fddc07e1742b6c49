using System.IO.Compression;
using Atomic.TableStorage.Export;
using Atomic.Testing.Azurite;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Atomic.Integration.TableStorage;

/// <summary>An Azurite of its own: an export takes all tables that there are.</summary>
public sealed class Exporting_the_event_store : IClassFixture<AzuriteFixture>, IAsyncLifetime
{
    // After whatever Azurite stamps on rows: rows that are older than an export's beginning are read once.
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2100, 1, 1, 2, 0, 0, TimeSpan.Zero));
    private readonly AzuriteFixture _azurite;
    private TableServiceClient _tables = null!;
    private BlobContainerClient _container = null!;

    public Exporting_the_event_store(AzuriteFixture azurite) => _azurite = azurite;

    public async Task InitializeAsync()
    {
        var connection = await _azurite.ConnectionStringAsync();
        _tables = new TableServiceClient(connection);
        _container = new BlobContainerClient(connection, $"export-{Guid.NewGuid():N}");
        await _container.CreateAsync();
        foreach (var table in new[] { "orderingOrder", "inventoryStockItem" })
        {
            await _tables.DeleteTableAsync(table);
            await _tables.CreateTableAsync(table);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Keeps_every_row_of_every_table()
    {
        var rows = await SeedAsync();

        var manifest = await Export().RunAsync(CancellationToken.None);

        Assert.Equal(rows.Order(), (await ExportedAsync()).Order());
        Assert.Equal(("2100-01-01", (long)rows.Count), (manifest!.Day, manifest.Rows));
        Assert.True(await _container.GetBlobClient("2100-01-01/manifest.json").ExistsAsync());
    }

    [Fact]
    public async Task Is_done_once_a_day()
    {
        await SeedAsync();

        Assert.NotNull(await Export().RunAsync(CancellationToken.None));
        Assert.Null(await Export().RunAsync(CancellationToken.None));
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.NotNull(await Export().RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Goes_on_where_it_was_cut_off()
    {
        var rows = await SeedAsync();
        await Export().RunAsync(CancellationToken.None);
        var blobs = await BlobsAsync();
        await _container.DeleteBlobAsync("2100-01-01/manifest.json");
        await _container.DeleteBlobAsync("2100-01-01/orderingOrder/a.jsonl.gz");

        var manifest = await Export().RunAsync(CancellationToken.None);

        Assert.Equal(rows.Count, manifest!.Rows);
        var untouched = (await BlobsAsync()).Where(blob => !blob.Name.EndsWith("manifest.json", StringComparison.Ordinal) && !blob.Name.EndsWith("Order/a.jsonl.gz", StringComparison.Ordinal));
        Assert.All(untouched, blob => Assert.Equal(blobs.Single(each => each.Name == blob.Name).Properties.ETag, blob.Properties.ETag));
    }

    // By the export's clock these rows have just been written, so each partition is read again until two readings agree.
    [Fact]
    public async Task Reads_what_was_just_written_twice()
    {
        var rows = await SeedAsync();

        await new EventStoreExport(_tables, _container, null, new FakeTimeProvider(new DateTimeOffset(2020, 1, 1, 2, 0, 0, TimeSpan.Zero))).RunAsync(CancellationToken.None);

        Assert.Equal(rows.Order(), (await ExportedAsync()).Order());
    }

    [Fact]
    public async Task Does_nothing_where_there_is_nowhere_to_export_to() => Assert.Null(await EventStoreExport.Off(_clock).RunAsync(CancellationToken.None));

    private EventStoreExport Export() => new(_tables, _container, null, _clock);

    private async Task<List<string>> SeedAsync()
    {
        var rows = new List<string>();
        foreach (var (table, partition) in new[] { ("orderingOrder", "0a!o-1"), ("orderingOrder", "a7!o-2"), ("inventoryStockItem", "ff!tea"), ("inventoryStockItem", "List") })
        {
            foreach (var row in new[] { "C|c-1", "E0000000001", "H" })
            {
                await _tables.GetTableClient(table).AddEntityAsync(new TableEntity(partition, row) { ["Version"] = 1L, ["Payload"] = new byte[] { 1, 2, 3 } });
                rows.Add($"{table} {partition} {row} 1 010203");
            }
        }

        return rows;
    }

    private async Task<List<string>> ExportedAsync()
    {
        var rows = new List<string>();
        foreach (var blob in (await BlobsAsync()).Where(blob => blob.Name.EndsWith(".jsonl.gz", StringComparison.Ordinal)))
        {
            await using var compressed = new GZipStream(await _container.GetBlobClient(blob.Name).OpenReadAsync(), CompressionMode.Decompress);
            using var lines = new StreamReader(compressed);
            while (await lines.ReadLineAsync() is { } line)
            {
                var row = RowLine.Read(line);
                rows.Add($"{blob.Name.Split('/')[1]} {row.PartitionKey} {row.RowKey} {row.GetInt64("Version")} {Convert.ToHexString(row.GetBinary("Payload"))}");
            }
        }

        return rows;
    }

    private async Task<List<BlobItem>> BlobsAsync()
    {
        var blobs = new List<BlobItem>();
        await foreach (var blob in _container.GetBlobsAsync()) blobs.Add(blob);
        return blobs;
    }
}

using System.Net;
using Atomic.Testing.Azurite;
using Atomic.Testing.Shop;
using Azure;
using Azure.Data.Tables;
using Xunit;

namespace Atomic.Integration.TableStorage;

/// <summary>Backup, wipe, restore: what the runbook says, rehearsed from the export to the last rebuilt read model.</summary>
public sealed class Restoring_the_event_store : IAsyncLifetime
{
    private readonly AzuriteFixture _azurite = new();
    private Rehearsal _rehearsal = null!;
    private List<string> _streams = [];
    private string _readModels = "";

    public async Task InitializeAsync()
    {
        _rehearsal = await Rehearsal.NewAsync(_azurite);
        await using var host = await _rehearsal.StartAsync();
        await _rehearsal.TradeAsync(host);
        _readModels = await Rehearsal.ReadModelsAsync(host);
        await host.StopAsync();
        _streams = await _rehearsal.StreamsAsync();
        await _rehearsal.ExportAsync();
    }

    public Task DisposeAsync() => _azurite.DisposeAsync();

    [Fact]
    public async Task Brings_back_every_stream_and_from_them_every_read_model()
    {
        await _rehearsal.WipeAsync();
        await using var host = await _rehearsal.StartAsync();
        Assert.Equal([Rehearsal.Day], (await Rehearsal.JsonAsync(host, "/api/event-store/exports")).GetProperty("days").EnumerateArray().Select(day => day.GetString()));

        var restored = await Rehearsal.RestoreAsync(host);

        Assert.True(restored.GetProperty("state").GetString() == "Completed", restored.GetRawText());
        Assert.Equal("ops", restored.GetProperty("order").GetProperty("by").GetString());
        Assert.Equal(_streams, await _rehearsal.StreamsAsync());
        Assert.Empty(await Rehearsal.ReadModelsAsync(host));
        await Rehearsal.RebuildAllAsync(host);
        Assert.Equal(_readModels, await Rehearsal.ReadModelsAsync(host));
        Assert.Equal("Ada", (await Rehearsal.JsonAsync(host, $"/api/ordering/customers/{_rehearsal.Customer}")).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Goes_on_where_it_was_cut_off_and_changes_nothing_that_is_there()
    {
        var stock = _rehearsal.Tables.GetTableClient("inventoryStockItem");
        await _rehearsal.Tables.DeleteTableAsync("orderingOrder");
        await using var host = await _rehearsal.StartAsync();

        Assert.Equal("Completed", (await Rehearsal.RestoreAsync(host)).GetProperty("state").GetString());
        Assert.Equal(_streams, await _rehearsal.StreamsAsync());

        var row = await FirstAsync(stock);
        row["Version"] = 99L;
        await stock.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace);
        var refused = await Rehearsal.RestoreAsync(host);
        Assert.Equal("Failed", refused.GetProperty("state").GetString());
        Assert.Contains($"inventoryStockItem has a row {row.RowKey}", refused.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(99L, (await FirstAsync(stock)).GetInt64("Version"));
    }

    [Fact]
    public async Task Takes_a_whole_export_and_says_what_is_missing()
    {
        await using var host = await _rehearsal.StartAsync();
        using var unknown = await Rehearsal.AskAsync(host, "2001-01-01");
        using var malformed = await Rehearsal.AskAsync(host, "yesterday");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (unknown.StatusCode, malformed.StatusCode));

        foreach (var blob in await Rehearsal.BlobsAsync(_rehearsal.Exports, "orderingOrder")) await _rehearsal.EmptyAsync(blob);
        var restored = await Rehearsal.RestoreAsync(host);

        Assert.Equal("Failed", restored.GetProperty("state").GetString());
        Assert.Contains("orderingOrder was exported with", restored.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    // Keys are exported apart, the newest alone, so that no backup undoes an erasure.
    [Fact]
    public async Task Does_not_bring_back_what_was_erased_since()
    {
        Assert.Empty(await Rehearsal.BlobsAsync(_rehearsal.Exports, "atomicSubjectKeys"));
        Assert.NotEmpty(await Rehearsal.BlobsAsync(_rehearsal.Keys, "atomicSubjectKeys"));
        await using (var host = await _rehearsal.StartAsync())
        {
            await new ShopClient(host.Client).CommandAsync("ordering/erase-customer", new { customerId = _rehearsal.Customer });
            await new ShopClient(host.Client).UntilAsync($"/api/ordering/customers/{_rehearsal.Customer}", row => row.GetProperty("erased").GetBoolean());
        }

        await _rehearsal.ExportAsync(days: 1);
        await _rehearsal.WipeAsync();
        await using var again = await _rehearsal.StartAsync();
        Assert.Equal("Completed", (await Rehearsal.RestoreAsync(again)).GetProperty("state").GetString());
        await Rehearsal.RebuildAllAsync(again);

        Assert.Equal("[erased]", (await Rehearsal.JsonAsync(again, $"/api/ordering/customers/{_rehearsal.Customer}")).GetProperty("name").GetString());
    }

    private static async Task<TableEntity> FirstAsync(TableClient table)
    {
        await foreach (var row in table.QueryAsync<TableEntity>(row => row.RowKey.CompareTo("H") >= 0)) return row;
        throw new InvalidOperationException($"{table.Name} is empty.");
    }
}

using System.Diagnostics;
using System.Text.Json;
using Atomic.Integration.Builds;
using Atomic.LocalHost.Azurite;
using Atomic.Testing;
using Atomic.Testing.Azurite;
using Azure;
using Azure.Data.Tables;
using Xunit;

namespace Atomic.Integration.Azurite;

/// <summary>That Azurite answers about its rows what it answered before it was quickened, and does not work through all of them.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Rows_of_Azurite(AzuriteFixture fixture) : IDisposable
{
    private const string Partition = "p";

    private readonly Sandbox _sandbox = new();

    [Fact]
    public async Task Are_what_they_would_be_without_the_mend()
    {
        var plain = await RunAsync(mended: false, "plain", "act");
        var mended = await RunAsync(mended: true, "mended", "act");

        Assert.Equal(plain, mended);
        Assert.Contains(plain, line => line.EndsWith("\"UpdateConditionNotSatisfied\"]", StringComparison.Ordinal));
        Assert.Contains(plain, line => line.EndsWith("\"EntityAlreadyExists\"]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Are_in_a_file_that_is_read_with_the_mend_and_without()
    {
        await RunAsync(mended: false, "plain", "act");
        await RunAsync(mended: true, "mended", "act");

        var plain = await RunAsync(mended: false, "plain", "read");

        Assert.InRange(plain.Length, 10, int.MaxValue);
        Assert.Equal(plain, await RunAsync(mended: true, "plain", "read"));
        Assert.Equal(plain, await RunAsync(mended: false, "mended", "read"));
        Assert.Equal(plain, await RunAsync(mended: true, "mended", "read"));
    }

    [Fact]
    public async Task Are_left_alone_by_what_is_done_to_another()
    {
        var counts = await RunAsync(mended: true, "many", "count");

        Assert.Equal(5, counts.Length);
        // To find one of ten thousand by halves is 14 steps of three places each; without the mend a replacement touches 100,000 places.
        Assert.All(counts, line => Assert.InRange(JsonSerializer.Deserialize<JsonElement>(line).GetProperty("touched").GetInt32(), 0, 200));
    }

    [Fact]
    public async Task Are_as_they_were_after_a_batch_that_failed_and_a_restart()
    {
        await fixture.ConnectionStringAsync();
        var options = _sandbox.Options(cache: Installed.CacheFolder);
        string[] written;
        await using (var first = await StartAsync(options))
        {
            var table = new TableClient(first.ConnectionString, "rows");
            await table.CreateAsync();
            foreach (var key in new[] { "d", "b", "c", "a", "e" }) await table.AddEntityAsync(Row(key, 1));
            await table.UpdateEntityAsync(Row("b", 2), ETag.All, TableUpdateMode.Replace);
            await table.UpdateEntityAsync(Row("d", 2), ETag.All, TableUpdateMode.Merge);
            await table.DeleteEntityAsync(Partition, "c");
            written = await RowsAsync(table);

            await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.Add, Row("f", 3)),
                new(TableTransactionActionType.UpdateReplace, Row("a", 3)),
                new(TableTransactionActionType.UpdateMerge, Row("b", 3)),
                new(TableTransactionActionType.Delete, Row("d", 3)),
                new(TableTransactionActionType.Add, Row("e", 3)),
            ]));
            Assert.Equal(written, await RowsAsync(table));
        }

        await using var second = await StartAsync(options);

        Assert.Equal(["a 1", "b 2", "d 2", "e 1"], written.Select(row => row.Split(" W/")[0]));
        Assert.Equal(written, await RowsAsync(new TableClient(second.ConnectionString, "rows")));
    }

    public void Dispose() => _sandbox.Dispose();

    private static AzuriteOptions Installed => new() { DataFolder = "" };

    private static Task<AzuriteServer> StartAsync(AzuriteOptions options) =>
        AzuriteServer.StartAsync(options, _ => { }, TimeProvider.System, CancellationToken.None);

    private static TableEntity Row(string key, int number) => new(Partition, key) { ["Number"] = number };

    private static async Task<string[]> RowsAsync(TableClient table)
    {
        var rows = new List<string>();
        await foreach (var row in table.QueryAsync<TableEntity>()) rows.Add($"{row.RowKey} {row["Number"]} {row.ETag} {row.Timestamp:O}");
        return [.. rows];
    }

    /// <summary>What <c>rows.js</c> printed when it did a task on the table store of the installed Azurite, with a file of that name.</summary>
    private async Task<string[]> RunAsync(bool mended, string file, string task)
    {
        await fixture.ConnectionStringAsync();
        var installed = Path.GetDirectoryName(new AzuriteInstallation(Installed, TimeProvider.System).Script)!;
        string[] load = mended ? ["-e", AzuriteKeeper.Quickly, "--"] : [];
        var start = new ProcessStartInfo("node", [.. load, Repository.PathOf("tests/Integration/Azurite/rows.js"), installed, _sandbox.PathOf(file), task]);
        var node = await Command.RunAsync(start);
        Assert.Equal(0, node.ExitCode);
        return node.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

using System.Diagnostics;
using Atomic.EventSourcing;
using Atomic.Integration.TableStorage;
using Atomic.LocalHost.Azurite;
using Atomic.Testing.Azurite;
using Atomic.Testing.EventStore;
using Xunit;

namespace Atomic.Integration.Azurite;

[Collection(AzuriteFixture.Collection)]
public sealed class Starting_Azurite(AzuriteFixture fixture) : IDisposable
{
    private readonly Sandbox _sandbox = new();

    [Fact]
    public async Task Ends_when_it_answers_and_the_next_start_finds_it_and_leaves_it()
    {
        await fixture.ConnectionStringAsync();
        var options = _sandbox.Options(cache: new AzuriteOptions { DataFolder = "" }.CacheFolder);

        await using (var first = await StartAsync(options))
        {
            Assert.True(first.Started);
            Assert.Equal("Azurite-Table", await ServerOfAsync(options.TablePort));
            await using (var second = await StartAsync(options))
            {
                Assert.False(second.Started);
                Assert.Equal(first.ConnectionString, second.ConnectionString);
            }

            Assert.Equal("Azurite-Blob", await ServerOfAsync(options.BlobPort));
            Assert.Equal("Azurite-Queue", await ServerOfAsync(options.QueuePort));
        }

        foreach (var port in new[] { options.BlobPort, options.QueuePort, options.TablePort })
            await Assert.ThrowsAsync<HttpRequestException>(() => ServerOfAsync(port));
        var log = Assert.Single(Directory.GetFiles(options.DataFolder, "azurite-*.log"));
        Assert.Contains("Table service successfully closed", await File.ReadAllTextAsync(log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_one_that_is_installed_asks_npm_nothing()
    {
        _sandbox.PutNpm("");

        await fixture.ConnectionStringAsync();
        await using var server = await StartAsync(_sandbox.Options(cache: new AzuriteOptions { DataFolder = "" }.CacheFolder));

        Assert.Equal(0, _sandbox.NpmRuns());
    }

    [Fact]
    public async Task On_the_same_ports_at_once_leaves_one_that_both_use()
    {
        await fixture.ConnectionStringAsync();
        var options = _sandbox.Options(cache: new AzuriteOptions { DataFolder = "" }.CacheFolder);

        var servers = await Task.WhenAll(StartAsync(options), StartAsync(options));

        Assert.Single(servers, server => server.Started);
        foreach (var server in servers) await server.DisposeAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => ServerOfAsync(options.TablePort));
    }

    [Fact]
    public async Task After_a_host_was_killed_waits_for_its_Azurite_to_be_gone()
    {
        await fixture.ConnectionStringAsync();
        var options = _sandbox.Options(cache: new AzuriteOptions { DataFolder = "" }.CacheFolder);
        var told = new TaskCompletionSource();
        using var killed = Process.Start("node", ["-e", ""]);
        await killed.WaitForExitAsync();
        using var leaving = Process.Start(new ProcessStartInfo("node", ["-e", "process.stdin.resume()"]) { RedirectStandardInput = true })!;
        Directory.CreateDirectory(options.DataFolder);
        await File.WriteAllTextAsync(Path.Combine(options.DataFolder, $"azurite-{killed.Id}-{leaving.Id}.log"), "");

        var starting = AzuriteServer.StartAsync(options, line => told.TrySetResult(), TimeProvider.System, CancellationToken.None);
        await Task.WhenAny(told.Task, starting);
        Assert.False(starting.IsCompleted);
        leaving.StandardInput.Close();
        await using var server = await starting;

        Assert.True(leaving.HasExited);
        Assert.True(server.Started);
    }

    [Fact]
    public async Task After_it_was_stopped_finds_what_was_written()
    {
        await fixture.ConnectionStringAsync();
        var options = _sandbox.Options(cache: new AzuriteOptions { DataFolder = "" }.CacheFolder);
        var commit = new NewCommit("a", RecordState.None, RecordState.Done, [new Counted(7)], null, new EventContext("c", "c"));
        await using (var first = await StartAsync(options))
        {
            var events = Stores.Of(first.ConnectionString).Events;
            await events.AppendAsync(await events.LoadAsync<Tally>("t", likelyNew: true, default), commit, default);
        }

        await using var second = await StartAsync(options);
        var head = await Stores.Of(second.ConnectionString).Events.LoadAsync<Tally>("t", likelyNew: false, default);

        Assert.True(second.Started);
        Assert.Equal((1, 7), (head.Version, head.State.Sum));
    }

    public void Dispose() => _sandbox.Dispose();

    private static Task<AzuriteServer> StartAsync(AzuriteOptions options) =>
        AzuriteServer.StartAsync(options, _ => { }, TimeProvider.System, CancellationToken.None);

    private static async Task<string> ServerOfAsync(int port)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/devstoreaccount1?comp=list"));
        return answer.Headers.GetValues("Server").First().Split('/')[0];
    }
}

using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Atomic.LocalHost.Azurite;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Xunit;

namespace Atomic.Integration.Hosting;

/// <summary>What the app says of itself over the real host when what it stands on goes, hangs, or comes back.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed partial class Health_when_something_is_down(AzuriteFixture shared) : IDisposable
{
    // Each part is given five seconds, all at once; a machine that is busy takes some more.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("atomic-health-");

    [Fact]
    public async Task Names_a_storage_that_has_gone_and_is_good_again_once_it_is_back()
    {
        var options = new AzuriteOptions
        {
            DataFolder = _data.FullName,
            BlobPort = HostProcess.FreePort(),
            QueuePort = HostProcess.FreePort(),
            TablePort = HostProcess.FreePort(),
        };
        var azurite = await StartAsync(options);
        await using var host = await AppHost.StartAsync(azurite.ConnectionString);
        await UntilWellAsync(host);

        await azurite.DisposeAsync();
        await UntilDownAsync("storage", host);

        await using var again = await StartAsync(options);
        await UntilWellAsync(host);
    }

    [Fact]
    public async Task Names_a_storage_that_takes_the_call_and_never_answers()
    {
        await using var mute = new MuteService();
        var storage = Endpoint().Replace(await shared.ConnectionStringAsync(), mute.Address);
        await using var host = await AppHost.StartAsync(storage);

        await UntilDownAsync("storage", host);
        Assert.True(mute.Callers > 0);
    }

    [Fact]
    public async Task Names_a_bus_that_has_gone()
    {
        await using var host = await AppHost.StartAsync(await shared.ConnectionStringAsync());
        await UntilWellAsync(host);

        await host.StopBusAsync();

        await UntilDownAsync("bus", host);
    }

    public void Dispose() => _data.Delete(recursive: true);

    private static async Task<AzuriteServer> StartAsync(AzuriteOptions options)
    {
        var server = await AzuriteServer.StartAsync(options, Console.WriteLine, TimeProvider.System, CancellationToken.None);
        return server.Started ? server : throw new InvalidOperationException("Another test run has taken one of the ports.");
    }

    private static async Task<(HttpStatusCode Status, JsonElement Report)> AskAsync(InProcessHost host)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var response = await host.Client.GetAsync(new Uri("/api/health", UriKind.Relative));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, Limit);
        return (response.StatusCode, JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()));
    }

    private static async Task UntilWellAsync(InProcessHost host)
    {
        var (status, report) = await UntilAsync(host, answer => answer.Status == HttpStatusCode.OK);
        Assert.True(status == HttpStatusCode.OK, $"It stays bad: {report}");
    }

    /// <summary>Until that part is down and no other is, which on a machine that is busy may not have answered in time.</summary>
    private static async Task UntilDownAsync(string part, InProcessHost host)
    {
        var answer = await UntilAsync(host, answer => DownIn(answer.Report).SequenceEqual([part]));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.False(answer.Report.GetProperty("healthy").GetBoolean());
        Assert.Equal([part], DownIn(answer.Report));
        Assert.Equal("does not answer", answer.Report.GetProperty("parts").GetProperty(part).GetString());
    }

    private static IEnumerable<string> DownIn(JsonElement report) =>
        report.GetProperty("parts").EnumerateObject().Where(part => part.Value.GetString() != "ok").Select(part => part.Name);

    private static async Task<(HttpStatusCode Status, JsonElement Report)> UntilAsync(
        InProcessHost host, Func<(HttpStatusCode Status, JsonElement Report), bool> isSo)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var answer = await AskAsync(host);
            if (isSo(answer) || limit.IsCancellationRequested) return answer;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Endpoint();
}

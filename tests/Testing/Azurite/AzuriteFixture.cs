using Atomic.LocalHost.Azurite;
using Atomic.Testing.Hosting;
using Xunit;

namespace Atomic.Testing.Azurite;

/// <summary>An Azurite of the tests' own, on free ports and with a folder of its own, started when it is first asked for.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    /// <summary>The xunit collection whose classes share one.</summary>
    public const string Collection = "Azurite";

    private readonly Lazy<Task<AzuriteServer>> _server;

    public AzuriteFixture() : this(inMemory: false)
    {
    }

    // TimeProvider.System: what is waited for here is a process, which knows no other clock.
    private AzuriteFixture(bool inMemory) => _server = new(() => StartAsync(DataFolder, inMemory, TimeProvider.System));

    /// <summary>One that keeps nothing in files, and so is as fast with a hundred thousand rows as with none.</summary>
    public static AzuriteFixture InMemory() => new(inMemory: true);

    public string DataFolder { get; } = Path.Combine(Path.GetTempPath(), $"atomic-azurite-{Guid.NewGuid():N}");

    public async Task<string> ConnectionStringAsync() => (await _server.Value).ConnectionString;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server.IsValueCreated) await (await _server.Value).DisposeAsync();
        if (Directory.Exists(DataFolder)) Directory.Delete(DataFolder, recursive: true);
    }

    private static async Task<AzuriteServer> StartAsync(string dataFolder, bool inMemory, TimeProvider time)
    {
        while (true)
        {
            var options = new AzuriteOptions
            {
                DataFolder = dataFolder,
                InMemory = inMemory,
                BlobPort = HostProcess.FreePort(),
                QueuePort = HostProcess.FreePort(),
                TablePort = HostProcess.FreePort(),
            };
            var server = await AzuriteServer.StartAsync(options, Console.WriteLine, time, CancellationToken.None);
            // Between the look for free ports and the start, another test run took one of them: that one is not ours to share or to stop.
            if (server.Started) return server;
        }
    }
}

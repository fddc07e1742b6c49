using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Xunit;
using Xunit.Abstractions;

namespace Atomic.Integration.ReadSide;

/// <summary>What a test needs that kills its host: an Azurite and a data folder that outlive it, and moments that a seed chooses.</summary>
public abstract class KillableHost : IAsyncLifetime
{
    private readonly AzuriteFixture _azurite = new();
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("atomic-kill-");

    protected KillableHost(ITestOutputHelper output)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ATOMIC_SEED"), out var given) ? given : System.Random.Shared.Next();
        output.WriteLine($"ATOMIC_SEED={seed}");
        (Output, Random) = (output, new Random(seed));
    }

    protected ITestOutputHelper Output { get; }

    protected Random Random { get; }

    protected string DataFolder => _data.FullName;

    public Task InitializeAsync() => _azurite.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _azurite.DisposeAsync();
        _data.Delete(recursive: true);
    }

    protected Task<string> StorageAsync() => _azurite.ConnectionStringAsync();

    protected async Task<HostProcess> StartAsync() => await HostProcess.StartedAsync(DataFolder, await StorageAsync());

    protected Task MomentAsync(int from, int to) => Task.Delay(TimeSpan.FromMilliseconds(Random.Next(from, to)), TimeProvider.System);
}

using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Atomic.Testing.Shop;
using Xunit;

namespace Atomic.Integration.Shop;

/// <summary>One host for all scenarios that do not kill it.</summary>
public sealed class RunningHost : IAsyncLifetime
{
    public const string Name = "A running host";

    private readonly AzuriteFixture _azurite = new();
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("atomic-host-");
    private HostProcess? _host;

    public HostProcess Host => _host!;

    public ShopClient Shop => new(Host.Client);

    public async Task InitializeAsync()
    {
        await _azurite.InitializeAsync();
        _host = await HostProcess.StartedAsync(_data.FullName, await _azurite.ConnectionStringAsync());
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        await _azurite.DisposeAsync();
        _data.Delete(recursive: true);
    }
}

[CollectionDefinition(RunningHost.Name)]
public sealed class SharedRunningHost : ICollectionFixture<RunningHost>;

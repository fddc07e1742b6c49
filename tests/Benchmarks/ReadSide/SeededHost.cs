using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;

namespace Atomic.Benchmarks.ReadSide;

/// <summary>The app, on an Azurite of its own that holds so many products, of each of which it keeps nothing in memory.</summary>
internal sealed record SeededHost(InProcessHost Host, AzuriteFixture Azurite) : IAsyncDisposable
{
    public static async Task<SeededHost> StartAsync(int products)
    {
        var azurite = AzuriteFixture.InMemory();
        var storage = await azurite.ConnectionStringAsync();
        var shop = new SeededShop(storage);
        await shop.AppendAsync(0, products, commits: 1, events: 1);
        await shop.ProjectAsync();
        var host = await AppHost.StartAsync(storage, tables: options => (options.WarmStreams, options.WarmRows) = (1, 1));
        return new SeededHost(host, azurite);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Azurite.DisposeAsync();
    }
}

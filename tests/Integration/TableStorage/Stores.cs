using Atomic.EventSourcing;
using Atomic.TableStorage;
using Atomic.Testing.Azurite;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Integration.TableStorage;

/// <summary>Event store and read models as a process of its own would have them, on the tests' Azurite.</summary>
internal sealed record Stores(
    IEventStore Events, IReadModelStore Rows, IProjectionStates States, IStreamScan Scan, IContinuations Continuations)
{
    public static async Task<Stores> NewAsync(AzuriteFixture azurite, Action<TableStorageOptions>? configure = null) =>
        Of(await azurite.ConnectionStringAsync(), configure);

    public static Stores Of(string connectionString, Action<TableStorageOptions>? configure = null)
    {
        var services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddTableStorage(connectionString, configure: configure)
            .BuildServiceProvider();
        return new Stores(
            services.GetRequiredService<IEventStore>(), services.GetRequiredService<IReadModelStore>(),
            services.GetRequiredService<IProjectionStates>(), services.GetRequiredService<IStreamScan>(),
            services.GetRequiredService<IContinuations>());
    }
}

using Atomic.EventSourcing;
using Atomic.TableStorage;
using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using Xunit;

namespace Atomic.Unit.TableStorage;

public sealed class Registering_the_stores
{
    private static readonly Uri Account = new("https://events.table.core.windows.net");

    [Fact]
    public void Takes_a_connection_string_or_an_identity()
    {
        foreach (var services in new[]
        {
            New().AddTableStorage("UseDevelopmentStorage=true"),
            New().AddTableStorage(null, Account, Mock.Of<TokenCredential>()),
        })
        {
            using var provider = services.BuildServiceProvider();
            Assert.NotNull(provider.GetRequiredService<IEventStore>());
            Assert.Same(provider.GetRequiredService<IReadModelStore>(), provider.GetRequiredService<IReadModelStore>());
        }
    }

    [Fact]
    public void Names_the_settings_when_neither_is_there()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => New().AddTableStorage(null, null, Mock.Of<TokenCredential>()));

        Assert.Contains("EventStore__tableServiceUri", refused.Message);
    }

    [Fact]
    public void Names_the_option_that_is_out_of_range()
    {
        AssertRefused(nameof(TableStorageOptions.WarmStreams), options => options.WarmStreams = 0);
        AssertRefused(nameof(TableStorageOptions.WarmRows), options => options.WarmRows = 1_000_001);
        AssertRefused(nameof(TableStorageOptions.Connections), options => options.Connections = 0);
        AssertRefused(nameof(TableStorageOptions.TryTimeout), options => options.TryTimeout = TimeSpan.FromMinutes(6));
        AssertRefused(nameof(TableStorageOptions.Retries), options => options.Retries = 11);
        AssertRefused(nameof(TableStorageOptions.RetryDelay), options => options.RetryDelay = TimeSpan.Zero);
    }

    private static void AssertRefused(string option, Action<TableStorageOptions> configure) => Assert.Throws<ArgumentOutOfRangeException>(
        option, () => New().AddTableStorage("UseDevelopmentStorage=true", configure: configure));

    private static ServiceCollection New()
    {
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System);
        return services;
    }
}

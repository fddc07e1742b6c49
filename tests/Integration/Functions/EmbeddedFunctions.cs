using Atomic.LocalHost.Runtime.Settings;
using Atomic.Testing;
using Atomic.Testing.Functions;
using Atomic.Testing.Functions.App;
using Atomic.Testing.Hosting;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Atomic.Integration.Functions;

/// <summary>The conformance app on the embedded host.</summary>
public sealed class EmbeddedFunctions : IFunctionsUnderTest, IAsyncLifetime
{
    public const string Name = "Embedded functions";

    private const string Folder = "tests/Testing/Functions/App";
    private const string Settings =
        """
        {
          "Values": {
            "ConformanceBus": "Endpoint=sb://localhost;UseDevelopmentEmulator=true;",
            "ConformanceHub": "Conformance",
            "Yearly": "0 0 0 31 12 *"
          }
        }
        """;

    private InProcessHost? _host;

    public HttpClient Http => _host!.Client;

    public ServiceBusClient Bus => _host!.Bus;

    public async Task InitializeAsync()
    {
        var settings = HostSettings.Parse(Repository.Read($"{Folder}/host.json"));
        _host = await InProcessHost.StartAsync(
            typeof(Journal).Assembly.GetExportedTypes(), settings, AppSettings.Parse(AppSettings.File, Settings), Repository.PathOf($"{Folder}/service-bus.json"),
            services => services.AddSingleton<Journal>().AddScoped<Scope>());
        Http.BaseAddress = new Uri(Http.BaseAddress!, $"{settings.Http.RoutePrefix}/");
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
    }
}

[CollectionDefinition(EmbeddedFunctions.Name)]
public sealed class SharedEmbeddedFunctions : ICollectionFixture<EmbeddedFunctions>;

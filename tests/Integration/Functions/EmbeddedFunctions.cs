using Atomic.LocalHost.DurableTask;
using Atomic.LocalHost.Runtime;
using Atomic.LocalHost.Runtime.Discovery;
using Atomic.LocalHost.Runtime.Messages;
using Atomic.LocalHost.Runtime.Settings;
using Atomic.LocalHost.ServiceBus;
using Atomic.Testing;
using Atomic.Testing.Functions;
using Atomic.Testing.Functions.App;
using Atomic.Testing.Hosting;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Atomic.Integration.Functions;

/// <summary>The conformance app on the embedded host, in this process, with broker and engine of its own.</summary>
public sealed class EmbeddedFunctions : IFunctionsUnderTest, IAsyncLifetime
{
    public const string Name = "Embedded functions";

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

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("atomic-functions-");
    private Broker? _broker;
    private ServiceBusClient? _bus;
    private FunctionsHost? _host;

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };

    public ServiceBusClient Bus => _bus!;

    public async Task InitializeAsync()
    {
        var (time, logs) = (TimeProvider.System, NullLoggerFactory.Instance);
        var settings = HostSettings.Parse(Repository.Read("tests/Testing/Functions/App/host.json"));
        var appSettings = AppSettings.Parse(AppSettings.File, Settings);
        var topology = Topology.Read(Repository.PathOf("tests/Testing/Functions/App/service-bus.json"));
        var broker = await Broker.OpenAsync(In("service-bus.db"), topology, time, logs);
        var bus = new EmbeddedServiceBusClient(broker, new ServiceBusClientOptions { RetryOptions = settings.ServiceBus.ClientRetryOptions });
        var host = await FunctionsHost.StartAsync(
            new FunctionsHostOptions
            {
                Functions = FunctionCatalog.Read(typeof(Journal).Assembly, settings, appSettings, MessageSources.Of(topology)),
                Settings = settings,
                AppSettings = appSettings,
                Port = HostProcess.FreePort(),
                DataFolder = _data.FullName,
                Bus = bus,
                OpenEngineAsync = async (functions, cancellation) =>
                {
                    var engine = await DurableEngine.OpenAsync(
                        In("durable-task.db"), functions, settings.DurableTask.ForEngine(appSettings), time, logs, cancellation);
                    return new OpenedEngine(engine.Client, engine);
                },
                AddServices = services => services.AddSingleton<Journal>().AddScoped<Scope>(),
                Logs = logs,
                Time = time,
            },
            CancellationToken.None);
        (_broker, _bus, _host) = (broker, bus, host);
        Http.BaseAddress = new Uri(host.Address, $"{settings.Http.RoutePrefix}/");
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        if (_bus is not null) await _bus.DisposeAsync();
        if (_broker is not null) await _broker.DisposeAsync();
        Http.Dispose();
        _data.Delete(recursive: true);
    }

    private string In(string file) => Path.Combine(_data.FullName, file);
}

[CollectionDefinition(EmbeddedFunctions.Name)]
public sealed class SharedEmbeddedFunctions : ICollectionFixture<EmbeddedFunctions>;

using Atomic.LocalHost.DurableTask;
using Atomic.LocalHost.Runtime;
using Atomic.LocalHost.Runtime.Discovery;
using Atomic.LocalHost.Runtime.Messages;
using Atomic.LocalHost.Runtime.Settings;
using Atomic.LocalHost.ServiceBus;
using Azure.Messaging.ServiceBus;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atomic.Testing.Hosting;

/// <summary>Function classes on the embedded host in this process, with broker and engine of their own, until disposed of.</summary>
public sealed class InProcessHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Broker _broker;
    private readonly FunctionsHost _host;
    private readonly DurableTaskClient? _engine;
    private readonly DirectoryInfo _data;
    private readonly bool _keepsData;

    private InProcessHost(Broker broker, ServiceBusClient bus, DurableTaskClient? engine, FunctionsHost host, DirectoryInfo data, bool keepsData)
    {
        (_broker, Bus, _engine, _host, _data, _keepsData) = (broker, bus, engine, host, data, keepsData);
        Client = new HttpClient { BaseAddress = host.Address, Timeout = Patience };
    }

    public ServiceBusClient Bus { get; }

    /// <summary>The durable engine, as whoever operates it reaches it past the functions.</summary>
    public DurableTaskClient Engine => _engine ?? throw new InvalidOperationException("No function of this host is durable.");

    /// <summary>Where broker and engine keep their files.</summary>
    public string DataFolder => _data.FullName;

    public HttpClient Client { get; }

    /// <param name="topology">Path of the list of queues and topics.</param>
    /// <param name="dataFolder">Where an earlier host left its files, and where this one leaves its own; null for a folder that goes with the host.</param>
    public static async Task<InProcessHost> StartAsync(
        IEnumerable<Type> functions, HostSettings settings, AppSettings appSettings, string topology, Action<IServiceCollection> addServices,
        TimeSpan? drainLimit = null, TimeProvider? clock = null, string? dataFolder = null)
    {
        var (time, logs) = (clock ?? TimeProvider.System, NullLoggerFactory.Instance);
        var data = dataFolder is null ? Directory.CreateTempSubdirectory("atomic-functions-") : new DirectoryInfo(dataFolder);
        var entities = Topology.Read(topology);
        var broker = await Broker.OpenAsync(Path.Combine(data.FullName, "service-bus.db"), entities, time, logs);
        var bus = new EmbeddedServiceBusClient(broker, new ServiceBusClientOptions { RetryOptions = settings.ServiceBus.ClientRetryOptions });
        DurableTaskClient? client = null;
        var host = await FunctionsHost.StartAsync(
            new FunctionsHostOptions
            {
                Functions = FunctionCatalog.Read(functions, settings, appSettings, MessageSources.Of(entities)),
                Settings = settings,
                AppSettings = appSettings,
                Port = HostProcess.FreePort(),
                DataFolder = data.FullName,
                Bus = bus,
                OpenEngineAsync = async (durable, cancellation) =>
                {
                    var durableSettings = settings.DurableTask.ForEngine(appSettings);
                    var engine = await DurableEngine.OpenAsync(durableSettings.FileIn(data.FullName), durable, durableSettings, time, logs, cancellation);
                    client = engine.Client;
                    return new OpenedEngine(engine.Client, engine);
                },
                AddServices = addServices,
                Logs = logs,
                Time = time,
                DrainLimit = drainLimit ?? TimeSpan.FromSeconds(10),
            },
            CancellationToken.None);
        return new InProcessHost(broker, bus, client, host, data, dataFolder is not null);
    }

    /// <summary>Returns when every message of a queue, or of a subscription, has been settled.</summary>
    /// <exception cref="TimeoutException">Some have not, for two minutes.</exception>
    public async Task UntilEmptyAsync(string entity, string? subscription = null)
    {
        await using var receiver = subscription is null ? Bus.CreateReceiver(entity) : Bus.CreateReceiver(entity, subscription);
        for (var began = TimeProvider.System.GetTimestamp(); await receiver.PeekMessageAsync(0) is not null;)
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience) throw new TimeoutException($"{subscription ?? entity} is not empty.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    /// <summary>Takes the bus away from under the functions.</summary>
    public ValueTask StopBusAsync() => _broker.DisposeAsync();

    /// <summary>Stops the functions, while the bus can still be asked what has become of its messages.</summary>
    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Client.Dispose();
        await Bus.DisposeAsync();
        await _broker.DisposeAsync();
        if (!_keepsData) _data.Delete(recursive: true);
    }
}

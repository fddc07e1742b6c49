using Atomic.EventSourcing;
using Atomic.Functions;
using Atomic.Functions.Access;
using Atomic.Functions.Definitions;
using Atomic.Functions.Providers;
using Atomic.Functions.Settings;
using Atomic.LocalHost.Azurite;
using Atomic.LocalHost.DurableTask;
using Atomic.LocalHost.PaymentProvider;
using Atomic.LocalHost.Runtime;
using Atomic.LocalHost.Runtime.Discovery;
using Atomic.LocalHost.Runtime.Messages;
using Atomic.LocalHost.Runtime.Settings;
using Atomic.LocalHost.ServiceBus;
using Atomic.LocalHost.Telemetry;
using Atomic.TableStorage;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.CommandLine;

/// <summary>One run of the host, from its arguments to its end: all is started, told, and stopped again in the opposite order.</summary>
internal sealed class HostRun(HostArguments arguments, TextWriter output, TextWriter errors, TimeProvider time)
{
    // A start that stores nothing reads this, which is never there.
    private static readonly StreamId Nothing = new("host", "start");

    /// <returns>The exit code: 0 when it ran and was stopped, 1 when it could not start.</returns>
    public async Task<int> RunAsync()
    {
        using var stop = new Stop();
        try
        {
            await RunAsync(stop);
            return 0;
        }
        catch (OperationCanceledException) when (stop.Requested.IsCancellationRequested)
        {
            await errors.WriteLineAsync("Stopped before it was ready.");
        }
        catch (Exception e) when (e is StartupException or AzuriteException or TopologyException or BrokerFileException)
        {
            await errors.WriteLineAsync(e.Message);
        }
        catch (Exception e)
        {
            await errors.WriteLineAsync(arguments.Verbose ? e.ToString() : $"The host failed: {e.Message} --verbose tells more.");
        }

        return 1;
    }

    private async Task RunAsync(Stop stop)
    {
        Tell("Atomic: embedded host, not Azure. For development, tests and proof, reachable from this machine only.");
        var app = AppFolder.Find(arguments.Root, [AppContext.BaseDirectory, Environment.CurrentDirectory]);
        var (settings, appSettings, topology) = (app.ReadHostSettings(), app.ReadAppSettings(), Topology.Read(app.Topology));
        RequireDevelopment(appSettings);
        var collector = OtlpSettings.EndpointOf(appSettings.Configuration);
        var engine = settings.DurableTask.ForEngine(appSettings);
        var port = arguments.Port ?? appSettings.Port ?? HostCommand.DefaultPort;
        LoopbackPort.RequireFree(port);
        using var data = DataFolder.Open(arguments.Data ?? app.Data);
        if (arguments.Reset) await data.ResetAsync(Tell, time, stop.Requested);

        using var logs = LogLines.Create(errors, time, arguments.Verbose);
        using var telemetry = collector is null ? null : OtlpExport.Start(appSettings.Configuration);
        await using var storage = Storage.Start(arguments.Storage, data.Azurite, Tell, time, stop.Requested);
        var functions = FunctionCatalog.Read(typeof(FunctionApp).Assembly, settings, appSettings, MessageSources.Of(topology));
        var configuration = ConfigurationOf(appSettings);
        var compiled = Task.Run(functions.Compile, stop.Requested);
        await using var broker = await Broker.OpenAsync(data.Bus, topology, time, logs);
        await using var bus = new EmbeddedServiceBusClient(broker, new ServiceBusClientOptions { RetryOptions = settings.ServiceBus.ClientRetryOptions });
        await using var provider = await Provider.StartAsync(time, stop.Requested);
        await compiled;
        await using var host = await FunctionsHost.StartAsync(
            new FunctionsHostOptions
            {
                Functions = functions,
                Settings = settings,
                AppSettings = appSettings,
                Port = port,
                DataFolder = data.Path,
                Bus = bus,
                OpenEngineAsync = (durable, cancellation) => OpenEngineAsync(engine.FileIn(data.Path), durable, engine, logs, cancellation),
                AddServices = services => AddServices(services.AddSingleton<IVerdicts>(new VerdictFolder(data.Path)), storage.ConnectionString, configuration, provider.Address),
                BeforeTriggersAsync = (services, cancellation) => RequireStorageAsync(storage, services, cancellation),
                Logs = logs,
                Time = time,
            },
            stop.Requested);
        if (collector is not null) Tell($"Telemetry: traces and metrics by OTLP to {collector}");
        Tell($"Payments:  a provider of its own at {provider.Address}, with test cards (see the README)");
        await TellReadyAsync(functions, storage, data, host.Address);
        await stop.WaitAsync();
        Tell("Stopping, when what runs has ended.");
    }

    private async Task TellReadyAsync(FunctionCatalog functions, Storage storage, DataFolder data, Uri address)
    {
        Tell("Functions:");
        foreach (var line in Listing.Of(functions)) Tell(line);
        Tell($"Storage:   {await storage.DescribeAsync(arguments.Reset)}");
        Tell($"Data:      {data.Path}");
        Tell($"Dashboard: {address}");
        Tell($"Ready: {address.AbsoluteUri.TrimEnd('/')}");
    }

    private static void RequireDevelopment(AppSettings settings)
    {
        var problems = new List<string>();
        settings.RequireDevelopmentStorage("AzureWebJobsStorage", problems);
        settings.RequireDevelopmentStorage("EventStore", problems);
        if (settings.Configuration["Authorization:mode"] is not null)
            problems.Add("The setting Authorization__mode is not honoured by the embedded host, which is open to this machine and to nobody else; remove it.");
        if (problems.Count > 0) throw new StartupException(problems);
    }

    private static AppConfiguration ConfigurationOf(AppSettings settings)
    {
        try
        {
            return AppConfiguration.Read(settings.Configuration) with { Access = AccessMode.Loopback };
        }
        catch (InvalidSettingsException e)
        {
            throw new StartupException(e.Problems, e);
        }
    }

    private async Task<OpenedEngine> OpenEngineAsync(
        string file, DurableFunctions functions, DurableSettings settings, ILoggerFactory logs, CancellationToken cancellation)
    {
        var opening = DurableEngine.OpenAsync(file, functions, settings, time, logs, cancellation);
        var engine = await Progress.TellAsync(opening, "Waiting for the durable engine to read its file", Tell, time);
        return new OpenedEngine(engine.Client, engine);
    }

    private void AddServices(IServiceCollection services, string connection, AppConfiguration configuration, Uri provider)
    {
        try
        {
            services.AddSingleton(configuration).AddTableStorage(connection).AddAtomic().AddPaymentProvider(provider);
        }
        catch (Exception e) when (arguments.Storage is not null && e is FormatException or InvalidOperationException or ArgumentException)
        {
            throw new StartupException("--storage is no connection string of a storage account, as in UseDevelopmentStorage=true.", e);
        }
    }

    // The first request is a slow one, too, and so is not left to the first user.
    private async Task RequireStorageAsync(Storage storage, IServiceProvider services, CancellationToken cancellation)
    {
        await storage.ReadyAsync();
        try
        {
            var reading = services.GetRequiredService<IEventStore>().FindRecordAsync(Nothing, "start", cancellation);
            await Progress.TellAsync(reading, "Waiting for Table Storage to answer", Tell, time);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            throw new StartupException($"Table Storage does not answer ({e.GetBaseException().Message}): start it, or correct --storage.", e);
        }
    }

    private void Tell(string line) => output.WriteLine(line);
}

using Atomic.Functions;
using Atomic.Functions.Access;
using Atomic.Functions.Settings;
using Atomic.TableStorage;
using Atomic.TableStorage.Export;
using Azure.Core;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();

var settings = builder.Configuration;
var configuration = AppConfiguration.Read(settings);
var identity = As(configuration.EventStoreClient);

builder.UseMiddleware<RequestBounds>();
builder.UseMiddleware<Authorization>();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton(configuration);
builder.Services.AddTableStorage(
    configuration.EventStore.ConnectionString, configuration.EventStore.ServiceUri is { } uri ? new Uri(uri) : null, identity);
builder.Services.AddEventStoreExport(configuration.EventStore, configuration.Export, As(configuration.ExportClient));
builder.Services.AddSingleton(_ => configuration.BusNamespace is { } fullyQualifiedNamespace
    ? new ServiceBusClient(fullyQualifiedNamespace, identity)
    : new ServiceBusClient(configuration.BusConnection));
builder.Services.AddAtomic();

// Without a connection string there is nowhere to send telemetry to: on a machine of one's own, the host's log is enough.
var telemetry = builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Atomic.*")).WithTracing(traces => traces.AddSource("Atomic.*")).UseFunctionsWorkerDefaults();
if (settings["APPLICATIONINSIGHTS_CONNECTION_STRING"] is { Length: > 0 })
    telemetry.UseAzureMonitorExporter(exporter =>
    {
        exporter.Credential = identity;
        // By itself it keeps five traces a second, and of log lines those alone that belong to one. Alerts and the record of what operators do
        // are log lines: every one of them is sent, however few traces are.
        exporter.EnableTraceBasedLogsSampler = false;
        exporter.TracesPerSecond = null;
        exporter.SamplingRatio = configuration.TracesKept;
    });

builder.Build().Run();

static TokenCredential As(string? clientId) => new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = clientId });

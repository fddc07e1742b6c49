using Atomic.Functions;
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
var eventStore = new StorageAddress(settings["EventStore"], settings["EventStore:tableServiceUri"]);
var export = new StorageAddress(settings["EventStoreExport"], settings["EventStoreExport:blobServiceUri"]);
var identity = As(settings["EventStore:clientId"]);

builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddTableStorage(eventStore.ConnectionString, eventStore.ServiceUri is { } uri ? new Uri(uri) : null, identity);
builder.Services.AddEventStoreExport(eventStore, export, As(settings["EventStoreExport:clientId"]));
builder.Services.AddSingleton(_ => settings["ServiceBusConnection:fullyQualifiedNamespace"] is { } fullyQualifiedNamespace
    ? new ServiceBusClient(fullyQualifiedNamespace, identity)
    : new ServiceBusClient(settings["ServiceBusConnection"]));
builder.Services.AddAtomic();

// Without a connection string there is nowhere to send telemetry to: on a machine of one's own, the host's log is enough.
var telemetry = builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Atomic.*")).WithTracing(traces => traces.AddSource("Atomic.*")).UseFunctionsWorkerDefaults();
if (settings["APPLICATIONINSIGHTS_CONNECTION_STRING"] is { Length: > 0 })
    telemetry.UseAzureMonitorExporter(exporter => exporter.Credential = identity);

builder.Build().Run();

static TokenCredential As(string? clientId) => new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = clientId });

using Atomic.Functions;
using Atomic.TableStorage;
using Azure.Core;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();

var settings = builder.Configuration;
TokenCredential credential = new DefaultAzureCredential(
    new DefaultAzureCredentialOptions { ManagedIdentityClientId = settings["EventStore:clientId"] });

builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddTableStorage(
    settings["EventStore"], settings["EventStore:tableServiceUri"] is { } uri ? new Uri(uri) : null, credential);
builder.Services.AddSingleton(_ => settings["ServiceBusConnection:fullyQualifiedNamespace"] is { } fullyQualifiedNamespace
    ? new ServiceBusClient(fullyQualifiedNamespace, credential)
    : new ServiceBusClient(settings["ServiceBusConnection"]));
builder.Services.AddAtomic();

builder.Build().Run();

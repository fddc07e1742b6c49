using Atomic.LocalHost.DurableTask;
using Atomic.LocalHost.Runtime.Discovery;
using Atomic.LocalHost.Runtime.Settings;
using Azure.Messaging.ServiceBus;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.Runtime;

/// <summary>What a <see cref="FunctionsHost"/> runs, and on what.</summary>
public sealed class FunctionsHostOptions
{
    public required FunctionCatalog Functions { get; init; }

    public required HostSettings Settings { get; init; }

    public required AppSettings AppSettings { get; init; }

    /// <summary>The port on loopback.</summary>
    public required int Port { get; init; }

    /// <summary>Where the host keeps what it must remember between two starts.</summary>
    public required string DataFolder { get; init; }

    public required ServiceBusClient Bus { get; init; }

    /// <summary>Opens the durable engine, which calls the functions it is given from then on.</summary>
    public required Func<DurableFunctions, CancellationToken, Task<OpenedEngine>> OpenEngineAsync { get; init; }

    /// <summary>Registers what the function classes ask for, beside the clock, the bus client, configuration and logging.</summary>
    public required Action<IServiceCollection> AddServices { get; init; }

    /// <summary>What must hold before anything is triggered.</summary>
    public Func<IServiceProvider, CancellationToken, Task> BeforeTriggersAsync { get; init; } = (_, _) => Task.CompletedTask;

    public required ILoggerFactory Logs { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>How long running functions are waited for when the host stops, before they are told to stop too.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>A durable engine that runs until it is disposed of.</summary>
public sealed record OpenedEngine(DurableTaskClient Client, IAsyncDisposable Lifetime);

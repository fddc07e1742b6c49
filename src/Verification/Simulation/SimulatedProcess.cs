using Atomic.EventSourcing;
using Atomic.Functions;
using Atomic.Verification.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Verification.Simulation;

/// <summary>One process of the app: its services, and its own connections to storage, broker and engine.</summary>
internal sealed class SimulatedProcess : IDisposable
{
    private readonly ServiceProvider _provider;

    public SimulatedProcess(SimulationSetup setup, SimulatedApp app, InMemoryEventStore events, InMemoryReadModels rows, Func<Guid> newId)
    {
        Points = new Points(setup.Scheduler, setup.Faults, app.Crash) { Passing = point => app.Passing(point) };
        Store = new SimulatedEventStore(setup.Storage(events), Points, app.Ledger);
        Rows = new SimulatedReadModels(rows, Points);
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<TimeProvider>(setup.Scheduler.Time);
        services.AddSingleton<IEventStore>(Store);
        services.AddSingleton<IReadModelStore>(Rows);
        services.AddSingleton<IStreamScan>(events);
        services.AddSingleton(setup.Keys);
        services.AddSingleton<IContinuations>(app.Continuations);
        services.AddSingleton<IProjectionStates>(new InMemoryProjectionStates(rows));
        services.AddSingleton(app.Bus.Connect(Points));
        services.AddAtomic();
        services.AddSingleton(newId);
        setup.Register(services);
        _provider = services.BuildServiceProvider();
        Services = new Resolved(_provider);
        Functions = new FunctionTable(Services, app.Engine);
    }

    public Points Points { get; }

    public SimulatedEventStore Store { get; }

    public SimulatedReadModels Rows { get; }

    public IServiceProvider Services { get; }

    public FunctionTable Functions { get; }

    public void Dispose() => _provider.Dispose();

    /// <summary>
    /// Each service once. Asked for one a second time, the container compiles how it is made, which takes longer than a whole run.
    /// </summary>
    private sealed class Resolved(IServiceProvider provider) : IServiceProvider
    {
        private readonly Dictionary<Type, object?> _services = [];

        public object? GetService(Type serviceType) =>
            _services.TryGetValue(serviceType, out var known) ? known : _services[serviceType] = provider.GetService(serviceType);
    }
}

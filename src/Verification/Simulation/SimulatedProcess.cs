using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Verification.Simulation;

/// <summary>One process of the app: its services, and its own connections to storage, broker and engine.</summary>
internal sealed class SimulatedProcess : IDisposable
{
    private readonly IServiceScope _scope;

    public SimulatedProcess(IServiceScope scope, Points points, SimulatedEventStore store, SimulatedReadModels rows, SimulatedEngine engine)
    {
        (_scope, Points, Store, Rows) = (scope, points, store, rows);
        Services = new Resolved(scope.ServiceProvider);
        Functions = new FunctionTable(Services, engine);
    }

    public Points Points { get; }

    public SimulatedEventStore Store { get; }

    public SimulatedReadModels Rows { get; }

    public IServiceProvider Services { get; }

    public FunctionTable Functions { get; }

    public void Dispose() => _scope.Dispose();

    /// <summary>
    /// Each service once. Asked for one a second time, the container compiles how it is made, which takes longer than a whole run: good for
    /// the next process, and not worth it where there is none.
    /// </summary>
    private sealed class Resolved(IServiceProvider provider) : IServiceProvider
    {
        private readonly Dictionary<Type, object?> _services = [];

        public object? GetService(Type serviceType) =>
            _services.TryGetValue(serviceType, out var known) ? known : _services[serviceType] = provider.GetService(serviceType);
    }
}

using Atomic.EventSourcing;
using Atomic.Verification.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Verification.Simulation;

/// <summary>What a simulated app is made of.</summary>
public sealed record SimulationSetup
{
    /// <summary>Chooses what happens next; by default whatever waits longest.</summary>
    public Scheduler Scheduler { get; init; } = new();

    /// <summary>What goes wrong; by default nothing.</summary>
    public IFaults Faults { get; init; } = new FaultScript();

    /// <summary>More of the app, or other parts: definitions, participants.</summary>
    public Action<IServiceCollection> Register { get; init; } = _ => { };

    /// <summary>The registration that several apps have in common; by default each reads its own, with <see cref="Register"/>.</summary>
    public SimulatedServices? Services { get; init; }

    /// <summary>Stands before every participant; by default nothing does.</summary>
    public Through? Through { get; init; }

    /// <summary>What is stored before anything happens, and is left as it is; by default nothing.</summary>
    public InMemoryEventStore? Stored { get; init; }

    /// <summary>The keys by which what is stored was sealed.</summary>
    public ISubjectKeys Keys { get; init; } = new InMemorySubjectKeys();

    /// <summary>Stands between the app and its event store: one without a barrier, say.</summary>
    public Func<IEventStore, IEventStore> Storage { get; init; } = store => store;

    /// <summary>Which queues and subscriptions keep what is sent to them; by default all do.</summary>
    public Func<string, bool> Keeps { get; init; } = _ => true;
}

using Atomic.EventSourcing;
using Atomic.Testing.Simulation;
using Atomic.Verification.Storage;

namespace Atomic.Unit.EventSourcing.Simulation;

/// <summary>One instance of the app: commands, a projection and rebuilds over stores that it shares with others.</summary>
internal sealed class Instance
{
    private readonly Fallible _process = new();

    public Instance(
        InMemoryEventStore events, InMemoryReadModels rows, IProjectionStates states, IEventPublisher bus, TimeProvider time, Func<Stores, IReadModel> model)
    {
        var (ownEvents, ownRows) = (new FallibleEventStore(events, _process), new FallibleReadModels(rows, _process));
        Commands = new CommandHandler(ownEvents, bus);
        Model = model(new Stores(ownEvents, ownRows, states, new ProjectionDirectory(states, time)));
    }

    public CommandHandler Commands { get; }

    public IReadModel Model { get; }

    /// <summary>Ends what it does at a random moment, as a kill would; it is there again at once.</summary>
    public async Task<T?> RunAsync<T>(Func<Task<T>> work, bool kill, Random random) where T : class
    {
        var running = work();
        for (var steps = kill ? random.Next(30) : 0; steps > 0; steps--) await Task.Yield();
        if (kill) _process.Kill();
        try
        {
            return await running;
        }
        catch (ProcessKilledException)
        {
            return null;
        }
        finally
        {
            _process.Start();
        }
    }
}

internal sealed record Stores(FallibleEventStore Events, IReadModelStore Rows, IProjectionStates States, ProjectionDirectory Directory);

using Atomic.EventSourcing;
using Atomic.Testing.EventStore;
using Atomic.Testing.Simulation;

namespace Atomic.Unit.EventSourcing.Simulation;

/// <summary>One instance of the app: commands, projections and rebuilds over stores that it shares with others.</summary>
internal sealed class Instance
{
    private readonly Fallible _process = new();

    public Instance(InMemoryEventStore events, InMemoryReadModels rows, IProjectionStates states, IEventPublisher bus, TimeProvider time)
    {
        var (ownEvents, ownRows) = (new FallibleEventStore(events, _process), new FallibleReadModels(rows, _process));
        Commands = new CommandHandler(ownEvents, bus);
        Projector = new Projector<Tallies, Tally, TallyRow>(ownEvents, ownRows, states, new ProjectionDirectory(states, time));
        Rebuilder = new Rebuilder<Tallies, Tally, TallyRow>(ownEvents, ownRows, states);
    }

    public CommandHandler Commands { get; }

    public Projector<Tallies, Tally, TallyRow> Projector { get; }

    public Rebuilder<Tallies, Tally, TallyRow> Rebuilder { get; }

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

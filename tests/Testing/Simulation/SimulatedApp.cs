using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions;
using Atomic.Functions.Http;
using Atomic.Functions.Participants;
using Atomic.Messaging;
using Atomic.Testing.EventStore;
using Azure.Messaging.ServiceBus;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Testing.Simulation;

/// <summary>
/// The whole function app in memory: its own registration and its own function classes, over a simulated store, broker and engine. One
/// thread, virtual time, and one source of choices, so that a seed repeats a run.
/// </summary>
public sealed class SimulatedApp : IDisposable
{
    private static readonly EventContext Seeding = new("seed", "seed");

    private readonly ServiceProvider _services;
    private int _ids;

    /// <param name="scheduler">Chooses what happens next; by default whatever waits longest.</param>
    /// <param name="faults">What goes wrong; by default nothing.</param>
    /// <param name="register">More of the app, or other parts: definitions, participants.</param>
    public SimulatedApp(Scheduler? scheduler = null, IFaults? faults = null, Action<IServiceCollection>? register = null)
    {
        Scheduler = scheduler ?? new Scheduler();
        Faults = faults ?? new FaultScript();
        Points = new Points(Scheduler, Faults);
        var (events, rows) = (new InMemoryEventStore(Scheduler.Time), new InMemoryReadModels());
        Store = new SimulatedEventStore(events, Points);
        Rows = new SimulatedReadModels(rows, Points);
        Bus = new SimulatedBus(Scheduler, Points, Faults);
        Engine = new SimulatedEngine(Scheduler, Faults);

        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<TimeProvider>(Scheduler.Time);
        services.AddSingleton<IEventStore>(Store);
        services.AddSingleton<IReadModelStore>(Rows);
        services.AddSingleton<IStreamScan>(events);
        services.AddSingleton<ISubjectKeys>(new InMemorySubjectKeys());
        services.AddSingleton<IContinuations>(new InMemoryContinuations());
        services.AddSingleton<IProjectionStates>(new InMemoryProjectionStates(rows));
        services.AddSingleton<ServiceBusClient>(Bus);
        services.AddAtomic();
        services.AddSingleton<Func<Guid>>(() => IdOf(++_ids));
        register?.Invoke(services);
        _services = services.BuildServiceProvider();

        Functions = new FunctionTable(_services, Engine);
        Bus.Deliver = Functions.DeliverAsync;
        Engine.Orchestrate = Functions.OrchestrateAsync;
        Engine.Perform = Functions.PerformAsync;
    }

    public Scheduler Scheduler { get; }

    public IFaults Faults { get; }

    public Points Points { get; }

    public SimulatedEventStore Store { get; }

    public SimulatedReadModels Rows { get; }

    public SimulatedBus Bus { get; }

    public SimulatedEngine Engine { get; }

    public FunctionTable Functions { get; }

    public TService Get<TService>() where TService : notnull => _services.GetRequiredService<TService>();

    /// <summary>Carries a command out as it would be from its queue, before anything goes wrong.</summary>
    public void Seed<TCommand>(string context, TCommand command)
    {
        var id = $"seed-{++_ids}";
        var message = new CommandMessage(id, typeof(TCommand).Name, Seeding, JsonSerializer.SerializeToElement(command, StorageJson.Options));
        var answer = Scheduler.Run(() => Get<ParticipantDirectory>()[context].HandleAsync(message, CancellationToken.None));
        if (!answer.Accepted) throw new InvalidOperationException($"{typeof(TCommand).Name}: {answer.Reason}");
    }

    /// <summary>Starts a transaction as over HTTP, and gives its id.</summary>
    public string Start(string definition, string coordination, object input, string? key = null)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(input, input.GetType(), StorageJson.Options);
        return Scheduler.Run(() => Get<TransactionStarter>().StartAsync(Engine, definition, coordination, key, body, CancellationToken.None)).Id;
    }

    /// <summary>Starts a transaction once the scheduler runs; until then nothing of it has happened, and its id is known.</summary>
    public string Begin(string definition, string coordination, object input)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(input, input.GetType(), StorageJson.Options);
        Scheduler.Soon($"start {definition}", () => Get<TransactionStarter>().StartAsync(Engine, definition, coordination, null, body, CancellationToken.None));
        return IdOf(_ids + 1).ToString("N");
    }

    /// <summary>Runs until the transaction has ended, at most so long.</summary>
    public TransactionView RunToEnd(string id, TimeSpan? limit = null)
    {
        Scheduler.RunFor(limit ?? TimeSpan.FromHours(1));
        return Find(id);
    }

    public TransactionView Find(string id) =>
        Scheduler.Run(() => Get<TransactionReader>().FindAsync(Engine, id, CancellationToken.None))?.View
        ?? throw new InvalidOperationException($"There is no transaction '{id}'.");

    /// <summary>What <see cref="TransactionControl"/> does, as over HTTP.</summary>
    public T Control<T>(Func<TransactionControl, DurableTaskClient, Task<T>> ask) => Scheduler.Run(() => ask(Get<TransactionControl>(), Engine));

    public void Dispose() => _services.Dispose();

    private static Guid IdOf(int number) => new(number, 0, 0, new byte[8]);
}

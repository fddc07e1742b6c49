using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Http;
using Atomic.Functions.Participants;
using Atomic.Messaging;
using Atomic.Verification.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Verification.Simulation;

/// <summary>
/// The whole function app in memory: its own registration and its own function classes, over a simulated store, broker and engine. One
/// thread, virtual time, and one source of choices, so that a seed repeats a run.
/// </summary>
public sealed class SimulatedApp : IDisposable
{
    private static readonly EventContext Seeding = new("seed", "seed");

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly SimulationSetup _setup;
    private readonly InMemoryEventStore _events;
    private readonly InMemoryReadModels _rows = new();
    private readonly List<SimulatedProcess> _processes = [];
    private readonly SimulatedServices _services;
    private int _ids;

    /// <param name="scheduler">Chooses what happens next; by default whatever waits longest.</param>
    /// <param name="faults">What goes wrong; by default nothing.</param>
    /// <param name="register">More of the app, or other parts: definitions, participants.</param>
    public SimulatedApp(Scheduler? scheduler = null, IFaults? faults = null, Action<IServiceCollection>? register = null)
        : this(new SimulationSetup { Scheduler = scheduler ?? new Scheduler(), Faults = faults ?? new FaultScript(), Register = register ?? (_ => { }) })
    {
    }

    public SimulatedApp(SimulationSetup setup)
    {
        _setup = setup;
        _services = setup.Services ?? new SimulatedServices(setup.Register);
        _events = setup.Stored is { } stored ? InMemoryEventStore.CopyOf(stored, setup.Scheduler.Time) : new InMemoryEventStore(setup.Scheduler.Time);
        Bus = new SimulatedBus(Scheduler, Faults)
        {
            Receiver = () => Points,
            Keeps = setup.Keeps,
            Deliver = (path, message, actions) => Functions.DeliverAsync(path, message, actions),
        };
        Engine = new SimulatedEngine(Scheduler, Faults)
        {
            Orchestrate = (name, context) => Functions.OrchestrateAsync(name, context),
            Perform = (activity, input) => Functions.PerformAsync(activity, input),
        };
        _processes.Add(NewProcess());
    }

    public Scheduler Scheduler => _setup.Scheduler;

    public IFaults Faults => _setup.Faults;

    /// <summary>The calls to storage and broker of the process that runs now.</summary>
    public Points Points => Process.Points;

    public SimulatedEventStore Store => Process.Store;

    public SimulatedReadModels Rows => Process.Rows;

    public SimulatedBus Bus { get; }

    public SimulatedEngine Engine { get; }

    /// <summary>The effects of all that has happened, whichever process brought them about.</summary>
    public Ledger Ledger { get; } = new();

    public FunctionTable Functions => Process.Functions;

    internal InMemoryContinuations Continuations { get; } = new();

    /// <summary>Told of every call to storage or broker.</summary>
    public Action<SimulatedCall> Passing { get; set; } = _ => { };

    /// <summary>What is stored.</summary>
    public InMemoryEventStore Stored => _events;

    private SimulatedProcess Process => _processes[^1];

    public TService Get<TService>() where TService : notnull => Process.Services.GetRequiredService<TService>();

    /// <summary>The process ends in the midst of whatever it does, and another one takes its place.</summary>
    public void Crash()
    {
        Points.GoDown();
        _processes.Add(NewProcess());
        Bus.DeliverAgain();
        Engine.BeginAgain();
    }

    /// <summary>A request from outside, repeated when the process that it was made to has ended.</summary>
    public T Request<T>(Func<SimulatedApp, Task<T>> ask) => Request(ask, until: () => false)!;

    /// <summary>A request whose answer need not be waited for: it goes on by itself once what it asks for has come about.</summary>
    /// <returns>The answer; none when it was not waited for.</returns>
    public T? Request<T>(Func<SimulatedApp, Task<T>> ask, Func<bool> until)
    {
        while (true)
        {
            var (process, asked) = (Process, (Task<T>?)null);
            Scheduler.Soon("request", () =>
            {
                asked = ask(this);
                return Task.CompletedTask;
            });
            Scheduler.RunFor(Patience, () => asked is { IsCompleted: true } || process.Points.IsDown || until());
            // Who asks and gets no sensible answer asks again.
            if (asked?.Exception?.GetBaseException() is SimulatedException) continue;
            if (asked is { IsCompleted: true }) return asked.GetAwaiter().GetResult();
            if (until()) return default;
            if (!process.Points.IsDown) throw new InvalidOperationException($"A request is not answered within {Patience}.");
        }
    }

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

    public void Dispose()
    {
        foreach (var process in _processes) process.Dispose();
        if (_setup.Services is null) _services.Dispose();
    }

    private SimulatedProcess NewProcess()
    {
        var points = new Points(_setup.Scheduler, _setup.Faults, Crash) { Passing = call => Passing(call) };
        var store = new SimulatedEventStore(_setup.Storage(_events), points, Ledger);
        var rows = new SimulatedReadModels(_rows, points);
        var parts = new ProcessParts(
            Scheduler.Time, store, rows, _events, _setup.Keys, Continuations, new InMemoryProjectionStates(_rows), Bus.Connect(points),
            () => IdOf(++_ids), _setup.Through);
        return new SimulatedProcess(_services.Begin(parts), points, store, rows, Engine);
    }

    private static Guid IdOf(int number) => new(number, 0, 0, new byte[8]);
}

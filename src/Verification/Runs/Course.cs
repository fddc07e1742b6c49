using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Transactions;
using Atomic.Verification.Simulation;
using Atomic.Verification.Storage;

namespace Atomic.Verification;

/// <summary>What all runs of a scenario in one coupling have in common.</summary>
internal sealed class Course
{
    private const int MostSteps = 20_000;

    private readonly InMemoryEventStore _stored;
    private readonly InMemorySubjectKeys _keys = new();

    public Course(Scenario scenario, string coupling, VerificationOptions options)
    {
        (Scenario, Coupling, Options) = (scenario, coupling, options);
        Definition = scenario.Type.Definition.For(scenario.Input);
        using var app = new SimulatedApp(new SimulationSetup { Keys = _keys });
        scenario.Given(app);
        _stored = app.Stored;
    }

    public Scenario Scenario { get; }

    public string Coupling { get; }

    public VerificationOptions Options { get; }

    /// <summary>The one that the scenario's input makes.</summary>
    public Definition Definition { get; }

    /// <summary>Where the effects stand when nothing goes wrong; null until that is known.</summary>
    public IReadOnlySet<(string Step, StreamId Stream)>? Whole { get; set; }

    public SimulationSetup Setup(IFaults faults, IReadOnlyList<TransactionType> types) => new()
    {
        Scheduler = new Scheduler(Options.Seed is { } seed ? Scheduler.ChoiceOf(seed) : null) { MostSteps = MostSteps },
        Faults = faults,
        Stored = _stored,
        Keys = _keys,
        Storage = Options.Variant.Storage,
        Keeps = IsOfTransactions,
        Register = services => Options.Variant.Register(services, types),
    };

    // Projections take no part in a transaction, and would only make its runs longer.
    private static bool IsOfTransactions(string path) =>
        !path.Contains('/', StringComparison.Ordinal) || path.EndsWith("-steps", StringComparison.Ordinal) || path == "events/transactions";
}

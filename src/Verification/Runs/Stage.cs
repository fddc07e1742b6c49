using Atomic.Functions.Definitions;
using Atomic.Verification.Faults;
using Atomic.Verification.Simulation;
using Atomic.Verification.Storage;

namespace Atomic.Verification;

/// <summary>What all runs of a scenario have in common, in whatever coupling: what is stored before, and the app.</summary>
internal sealed class Stage : IDisposable
{
    private const int MostSteps = 20_000;

    private static readonly TimeSpan SomeDeadline = TimeSpan.FromDays(30);

    private readonly InMemoryEventStore _stored;
    private readonly InMemorySubjectKeys _keys = new();
    private readonly Lazy<SimulatedServices> _plain;
    private readonly Lazy<SimulatedServices> _withDeadline;

    public Stage(Scenario scenario, VerificationOptions options)
    {
        (Scenario, Options) = (scenario, options);
        var type = scenario.Type;
        Deadline = type.Definition.Deadline ?? SomeDeadline;
        _plain = new(() => Services(type));
        _withDeadline = new(() => Services(type with { Definition = type.Definition.WithDeadline(Deadline) }));
        using var app = new SimulatedApp(new SimulationSetup { Keys = _keys });
        scenario.Given(app);
        (_stored, Amounts) = (app.Stored, scenario.Amounts?.Invoke(app));
    }

    public Scenario Scenario { get; }

    public VerificationOptions Options { get; }

    /// <summary>How long the whole may take, in the runs where that passes.</summary>
    public TimeSpan Deadline { get; }

    /// <summary>What there is before the start; null when that is not asked.</summary>
    public string? Amounts { get; }

    public SimulationSetup Setup(SingleFault fault, IFaults faults) => new()
    {
        Scheduler = new Scheduler(Options.Seed is { } seed ? Scheduler.ChoiceOf(seed) : null) { MostSteps = MostSteps },
        Faults = faults,
        Stored = _stored,
        Keys = _keys,
        Storage = Options.Variant.Storage,
        Keeps = TakesPart,
        Services = (fault.DeadlineAt is null ? _plain : _withDeadline).Value,
    };

    public void Dispose()
    {
        foreach (var services in new[] { _plain, _withDeadline })
            if (services.IsValueCreated) services.Value.Dispose();
    }

    private SimulatedServices Services(TransactionType type) => new(services => Options.Variant.Register(services, [type]));

    // Projections take no part in a transaction, the tracker's no more than others, and would only make its runs longer.
    private static bool TakesPart(string path) => !path.Contains('/', StringComparison.Ordinal) || path.EndsWith("-steps", StringComparison.Ordinal);
}

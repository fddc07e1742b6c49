using Atomic.EventSourcing;
using Atomic.Transactions;

namespace Atomic.Verification;

/// <summary>What all runs of a scenario in one coupling have in common.</summary>
internal sealed class Course(Stage stage, string coupling)
{
    public Stage Stage { get; } = stage;

    public Scenario Scenario => Stage.Scenario;

    public VerificationOptions Options => Stage.Options;

    public string Coupling { get; } = coupling;

    /// <summary>The one that the scenario's input makes.</summary>
    public Definition Definition { get; } = stage.Scenario.Type.Definition.For(stage.Scenario.Input);

    /// <summary>Where the effects stand when nothing goes wrong; null until that is known.</summary>
    public IReadOnlySet<(string Step, StreamId Stream)>? Whole { get; private set; }

    /// <summary>What there is at a place then.</summary>
    private string? Amounts { get; set; }

    /// <summary>Takes it from a run without a fault.</summary>
    public void MeasureBy(Run plain) => (Whole, Amounts) = (plain.Places, plain.Amounts);

    /// <summary>What there must be once the transaction has ended; null when that is not known.</summary>
    public string? AmountsAt(TransactionState end) => end == TransactionState.Compensated ? Stage.Amounts : Amounts;
}

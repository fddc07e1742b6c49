using Atomic.Functions.Definitions;
using Atomic.Verification.Simulation;

namespace Atomic.Verification;

/// <summary>A definition with an input with which it succeeds, and what the services must have for that.</summary>
/// <param name="Name">What the verdict calls it.</param>
/// <param name="Given">Brings the services there, before anything goes wrong: <see cref="SimulatedApp.Seed"/>.</param>
public sealed record Scenario(string Name, TransactionType Type, object Input, Action<SimulatedApp> Given)
{
    /// <summary>
    /// What there is of whatever steps take and give: balances, stock, places. As before once a transaction is compensated, and the same
    /// however one was completed. Null leaves it at the records of the steps, which do not tell how much a compensation gives back.
    /// </summary>
    public Func<SimulatedApp, string>? Amounts { get; init; }

    public override string ToString() => Name;
}

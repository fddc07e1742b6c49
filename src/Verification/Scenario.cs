using Atomic.Functions.Definitions;
using Atomic.Verification.Simulation;

namespace Atomic.Verification;

/// <summary>A definition with an input with which it succeeds, and what the services must have for that.</summary>
/// <param name="Name">What the verdict calls it.</param>
/// <param name="Given">Brings the services there, before anything goes wrong: <see cref="SimulatedApp.Seed"/>.</param>
public sealed record Scenario(string Name, TransactionType Type, object Input, Action<SimulatedApp> Given)
{
    public override string ToString() => Name;
}

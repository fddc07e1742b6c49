using Atomic.EventSourcing;
using Atomic.Transactions;
using Atomic.Verification.Simulation;

namespace Atomic.Verification;

/// <summary>How one run came to rest, and what was seen of it.</summary>
/// <param name="Standing">The steps whose effect stands.</param>
/// <param name="Places">Where they stand.</param>
/// <param name="Amounts">What there is then of whatever steps take and give; null when that is not asked.</param>
/// <param name="Violations">What is wrong; nothing when all is as it must be.</param>
/// <param name="States">The different states that the steps' records went through together.</param>
/// <param name="Calls">To storage and broker, since the transaction was asked for.</param>
/// <param name="Trace">All that happened since its start was answered.</param>
internal sealed record Run(
    TransactionState State, string Standing, IReadOnlySet<(string Step, StreamId Stream)> Places, string? Amounts, IReadOnlyList<string> Violations,
    IReadOnlySet<string> States, IReadOnlyList<SimulatedCall> Calls, IReadOnlyList<string> Trace)
{
    /// <summary>How it went on once the cause was gone that it was parked for; null when it was not.</summary>
    public TransactionState? Afterwards { get; init; }

    /// <summary>How it ended, as text that can be compared.</summary>
    public string End =>
        $"{State} with [{Standing}]{(Amounts is null ? "" : $" and {Amounts}")}{(Afterwards is null ? "" : $", {Afterwards} once its cause is gone")}";

    /// <summary>Whether a point is a call to storage or broker: the others are what these do on their own.</summary>
    public static bool IsCall(string point) =>
        !point.StartsWith("deliver ", StringComparison.Ordinal) && !point.StartsWith("queue ", StringComparison.Ordinal)
        && !point.StartsWith("activity ", StringComparison.Ordinal);
}

using System.Text.Json.Serialization;

namespace Atomic.Verification.Simulation;

/// <summary>What reached an orchestration, in order. Replaying it must make the orchestrator call the same again.</summary>
/// <param name="Kind"><c>started</c>, <c>completed</c>, <c>failed</c>, <c>fired</c> or <c>raised</c>.</param>
/// <param name="Call">The number of the call that it answers.</param>
/// <param name="Name">Of an external event.</param>
/// <param name="Data">Serialized; of a failure the message.</param>
public sealed record HistoryEvent(
    DateTime At,
    string Kind,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Call = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Data = null);

/// <summary>What an orchestrator has called for.</summary>
/// <param name="Name">Of the activity; of a timer when it fires.</param>
public sealed record HistoryCall(int Number, string Kind, string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Input);

/// <summary>One run of an orchestrator as it was recorded.</summary>
public sealed record OrchestrationHistory(
    string Instance, string Orchestrator, string Input, IReadOnlyList<HistoryEvent> Events, IReadOnlyList<HistoryCall> Calls, string? Status);

using Atomic.LocalHost.DurableTask.History;

namespace Atomic.LocalHost.DurableTask;

/// <summary>An orchestrator that, replayed, calls for something else than it did: its code, or what its code depends on, has changed.</summary>
public sealed class NonDeterministicOrchestrationException : Exception
{
    internal NonDeterministicOrchestrationException(string orchestrator, string instanceId, Decision? expected, Decision? found)
        : base($"Non-deterministic orchestrator '{orchestrator}', instance '{instanceId}', call #{(expected ?? found)!.Id}: "
            + $"expected {expected?.ToString() ?? "no call"}, which its history holds, and found {found?.ToString() ?? "no call"}.")
    {
        Orchestrator = orchestrator;
        InstanceId = instanceId;
        Call = (expected ?? found)!.Id;
        Expected = expected?.ToString();
        Found = found?.ToString();
    }

    public string Orchestrator { get; }

    public string InstanceId { get; }

    /// <summary>The number of the call within the execution, from 0.</summary>
    public int Call { get; }

    /// <summary>The call in the history; null when it has none here.</summary>
    public string? Expected { get; }

    /// <summary>The call of the replay; null when it made none.</summary>
    public string? Found { get; }
}

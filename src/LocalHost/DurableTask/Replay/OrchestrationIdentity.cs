using Microsoft.DurableTask;

namespace Atomic.LocalHost.DurableTask.Replay;

/// <summary>What an orchestrator is told of itself.</summary>
/// <param name="Input">Serialized.</param>
internal sealed record OrchestrationIdentity(
    string Name, string InstanceId, string Version, ParentOrchestrationInstance? Parent, string? Input);

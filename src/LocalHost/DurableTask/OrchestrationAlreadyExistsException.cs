using Microsoft.DurableTask.Client;

namespace Atomic.LocalHost.DurableTask;

/// <summary>
/// A start with an id that an instance has which may not be replaced. Microsoft's client throws one of the same name from
/// DurableTask.Core, or a gRPC error, depending on its version; code for both catches by what it does next, not by type.
/// </summary>
public sealed class OrchestrationAlreadyExistsException(string instanceId, OrchestrationRuntimeStatus status)
    : Exception($"An orchestration instance with the id '{instanceId}' exists and is {status}.")
{
    public string InstanceId { get; } = instanceId;

    public OrchestrationRuntimeStatus Status { get; } = status;
}

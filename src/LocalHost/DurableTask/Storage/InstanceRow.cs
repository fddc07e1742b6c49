using Atomic.LocalHost.DurableTask.History;
using Microsoft.DurableTask.Client;

namespace Atomic.LocalHost.DurableTask.Storage;

/// <summary>What is known of an instance from its start. Times are UTC.</summary>
/// <param name="Key">Its number in the file; an id that is used again gets a new one.</param>
/// <param name="StartAt">Not before this time.</param>
/// <param name="Trace">The trace in which it was started (W3C traceparent).</param>
internal sealed record InstanceRow(
    long Key,
    string Id,
    string Name,
    string Version,
    DateTime Created,
    DateTime? StartAt,
    ParentLink? Parent,
    string? Input,
    IReadOnlyDictionary<string, string>? Tags,
    string? Trace,
    string? TraceState);

/// <summary>The instance that waits for this one, and the number of its call.</summary>
internal sealed record ParentLink(long Key, int Task, string InstanceId, string Name);

/// <summary>How an instance stood after its last commit.</summary>
internal sealed record InstanceState(
    OrchestrationRuntimeStatus Status, DateTime Updated, string? CustomStatus = null, string? Output = null, Failure? Failure = null)
{
    public bool HasEnded => IsEnd(Status);

    public static bool IsEnd(OrchestrationRuntimeStatus status) =>
        status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}

/// <summary>An instance as the file has it.</summary>
internal sealed record StoredInstance(InstanceRow Row, InstanceState State);

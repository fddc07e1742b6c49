using Microsoft.DurableTask;

namespace Atomic.LocalHost.DurableTask;

/// <summary>A call of an activity. It may come more than once for one call by an orchestrator: after a kill, whatever was not committed is run again.</summary>
/// <param name="Input">Serialized as <see cref="Microsoft.DurableTask.Converters.JsonDataConverter.Default"/> does; null for none.</param>
/// <param name="Cancellation">Cancelled when the host can wait no longer; the activity is then run again after the next start.</param>
public sealed record ActivityCall(string Name, string InstanceId, string? Input, CancellationToken Cancellation);

/// <summary>The orchestrators and activities of an app, by name; names differ by more than case.</summary>
public sealed record DurableFunctions(
    IReadOnlyDictionary<string, Func<TaskOrchestrationContext, Task<object?>>> Orchestrators,
    IReadOnlyDictionary<string, Func<ActivityCall, Task<object?>>> Activities);

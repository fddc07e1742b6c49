using Atomic.LocalHost.DurableTask;
using Atomic.LocalHost.Runtime.Invocations;

namespace Atomic.LocalHost.Runtime.Orchestrations;

/// <summary>Orchestrators and activities as the durable engine calls them.</summary>
internal static class DurableTriggers
{
    public static DurableFunctions Of(
        IEnumerable<DurableFunction> orchestrators, IEnumerable<DurableFunction> activities, FunctionRunner runner) => new(
        orchestrators.ToDictionary(
            each => each.Name,
            each => new Func<Microsoft.DurableTask.TaskOrchestrationContext, Task<object?>>(context => runner.RunOrchestratorAsync(each.Function, context)),
            StringComparer.OrdinalIgnoreCase),
        activities.ToDictionary(
            each => each.Name,
            each => new Func<ActivityCall, Task<object?>>(call => runner.RunActivityAsync(each.Function, call, call.Cancellation)),
            StringComparer.OrdinalIgnoreCase));
}

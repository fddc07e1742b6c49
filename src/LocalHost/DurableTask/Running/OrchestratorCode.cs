using Atomic.LocalHost.DurableTask.History;
using Atomic.LocalHost.DurableTask.Replay;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.DurableTask.Running;

/// <summary>Finds the code of an instance's orchestrator and makes an execution of it that has not begun.</summary>
internal sealed class OrchestratorCode(
    IReadOnlyDictionary<string, Func<TaskOrchestrationContext, Task<object?>>> orchestrators, ILoggerFactory logs)
{
    private readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators = new(orchestrators, Names.Comparer);

    /// <returns>Null when there is no such orchestrator.</returns>
    public Execution? Find(Instance instance, Action<Instance, Execution> onStrayed)
    {
        if (!_orchestrators.TryGetValue(instance.Row.Name, out var code)) return null;
        Execution? execution = null;
        return execution = new Execution(instance.Identity, code, logs, () => onStrayed(instance, execution!));
    }
}

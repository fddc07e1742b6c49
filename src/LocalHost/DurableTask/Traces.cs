using System.Diagnostics;
using Atomic.LocalHost.DurableTask.Running;

namespace Atomic.LocalHost.DurableTask;

/// <summary>Distributed tracing: an activity's span belongs to the trace in which its instance was started.</summary>
internal static class Traces
{
    private static readonly ActivitySource Source = new("Atomic.DurableTask");

    public static Activity? StartActivity(PendingActivity activity)
    {
        var row = activity.Instance.Row;
        if (!ActivityContext.TryParse(row.Trace, row.TraceState, isRemote: true, out var parent)) parent = default;
        var span = Source.StartActivity($"activity:{activity.Name}", ActivityKind.Server, parent);
        span?.SetTag("durabletask.type", "activity");
        span?.SetTag("durabletask.task.name", activity.Name);
        span?.SetTag("durabletask.task.instance_id", row.Id);
        span?.SetTag("durabletask.task.task_id", activity.Task);
        return span;
    }

    public static void Fail(Activity? span, Exception e) => span?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
}

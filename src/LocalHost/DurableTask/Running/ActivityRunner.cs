using Atomic.LocalHost.DurableTask.History;
using Atomic.LocalHost.DurableTask.Storage;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.DurableTask.Running;

/// <summary>
/// Runs activities, a bounded number at once. A result goes to its instance and is committed with the step that takes it; when none can
/// take it now, because the instance is suspended or the host stops, it is kept by a commit of its own.
/// </summary>
internal sealed class ActivityRunner(
    TaskHub hub, IReadOnlyDictionary<string, Func<ActivityCall, Task<object?>>> activities, int most, ILogger log) : IDisposable
{
    private readonly Dictionary<string, Func<ActivityCall, Task<object?>>> _activities = new(activities, Names.Comparer);
    private readonly Queue<PendingActivity> _waiting = new();
    private readonly CancellationTokenSource _givingUp = new();
    private TaskCompletionSource? _drained;
    private int _running;

    public long Begun { get; private set; }

    public int Running => _running;

    /// <summary>Called under the gate.</summary>
    public void Enqueue(PendingActivity activity)
    {
        _waiting.Enqueue(activity);
        Begin();
    }

    /// <summary>Ends when none is running. Called under the gate, when no new ones are begun any more.</summary>
    public Task DrainAsync()
    {
        if (_running == 0) return Task.CompletedTask;
        _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _drained.Task;
    }

    /// <summary>Tells the running ones that they are no longer waited for.</summary>
    public void GiveUp() => _givingUp.Cancel();

    public void Dispose() => _givingUp.Dispose();

    private void Begin()
    {
        while (!hub.IsStopping && _running < most && _waiting.TryDequeue(out var activity))
        {
            if (!IsWanted(activity)) continue;
            _running++;
            Begun++;
            ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Runner.RunAsync(work.Activity), (Runner: this, Activity: activity), preferLocal: false);
        }
    }

    private async Task RunAsync(PendingActivity activity)
    {
        var outcome = await CallAsync(activity);
        lock (hub.Gate)
        {
            _running--;
            if (outcome is not null && IsWanted(activity)) Hand(activity, outcome);
            Begin();
            if (_running == 0) _drained?.TrySetResult();
        }
    }

    /// <returns>Null when it was interrupted, and has to be run again.</returns>
    private async Task<InstanceEvent?> CallAsync(PendingActivity activity)
    {
        if (!_activities.TryGetValue(activity.Name, out var function))
            return new TaskFailed(activity.Task, Failure.MissingActivity(activity.Name));
        using var trace = Traces.StartActivity(activity);
        try
        {
            var call = new ActivityCall(activity.Name, activity.Instance.Id, activity.Input, _givingUp.Token);
            var result = await function(call);
            return new TaskSucceeded(activity.Task, JsonDataConverter.Default.Serialize(result));
        }
        catch (OperationCanceledException) when (_givingUp.IsCancellationRequested)
        {
            Logs.ActivityInterrupted(log, activity.Name, activity.Instance.Id);
            return null;
        }
        catch (Exception e)
        {
            Traces.Fail(trace, e);
            Logs.ActivityFailed(log, activity.Name, activity.Task, activity.Instance.Id, e.GetType().Name);
            return new TaskFailed(activity.Task, Failure.Of(e));
        }
    }

    private void Hand(PendingActivity activity, InstanceEvent outcome)
    {
        var instance = activity.Instance;
        instance.Activities.Remove(activity.Task);
        var consumed = Write.DropActivity(instance.Key, activity.Task);
        if (instance.IsSuspended || hub.IsStopping) _ = hub.SendAsync(instance, outcome, consumed);
        else hub.Deliver(instance, new Message(outcome, consumed, IsKept: false));
    }

    // Its instance may have ended meanwhile.
    private static bool IsWanted(PendingActivity activity) =>
        activity.Instance.Activities.TryGetValue(activity.Task, out var wanted) && wanted == activity;
}

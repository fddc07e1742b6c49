using Atomic.LocalHost.DurableTask.History;
using Microsoft.DurableTask;

namespace Atomic.LocalHost.DurableTask;

internal sealed partial class EmbeddedOrchestrationContext
{
    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        if (input is TaskOptions && options is null)
            throw new ArgumentException("Task options were given as the input of an activity.", nameof(input));

        var data = Converter.Serialize(input);
        return _retries.RunAsync(options?.Retry, () => AwaitAsync<TResult>(Decide(id => new CallActivity(id, name.Name) { Input = data }), name));
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        var child = options as SubOrchestrationOptions;
        var instanceId = child?.InstanceId ?? NewGuid().ToString("N");
        var data = Converter.Serialize(input);
        return _retries.RunAsync(options?.Retry, () => AwaitAsync<TResult>(
            Decide(id => new StartChild(id, orchestratorName.Name, instanceId)
            {
                Input = data,
                Version = child?.Version?.Version,
                Tags = options?.Tags?.AsReadOnly(),
            }),
            orchestratorName));
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        var timer = Decide(id => new StartTimer(id, fireAt.ToUniversalTime()));
        var fired = Open.Open(timer, "timer");
        if (cancellationToken.CanBeCanceled) _scheduler.OnCancelled(() => Cancel(timer.Id, cancellationToken), cancellationToken);
        return fired;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        StayHere();
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return Events.Wait<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        var data = Converter.Serialize(payload);
        Decide(id => new SendEvent(id, instanceId, eventName) { Payload = data });
    }

    private async Task<TResult> AwaitAsync<TResult>(Decision call, TaskName name) =>
        Converter.Deserialize<TResult>(await Open.Open(call, name.Name))!;

    private void Cancel(int timer, CancellationToken cancellation)
    {
        if (Open.Cancel(timer, cancellation)) _cancelled.Add(timer);
    }
}

using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Atomic.Verification.Simulation;

/// <summary>
/// Durable orchestrations in memory: activities are delivered until they end, timers fire in virtual time, external events come when they
/// are chosen. Every run is recorded, and can be replayed.
/// </summary>
public sealed class SimulatedEngine(Scheduler scheduler, IFaults faults) : DurableTaskClient("simulated")
{
    private readonly Dictionary<string, SimulatedInstance> _instances = [];
    private readonly List<(SimulatedInstance Instance, HistoryCall Call)> _underWay = [];

    public Func<string, TaskOrchestrationContext, Task<object?>> Orchestrate { get; set; } = (_, _) => Task.FromResult<object?>(null);

    public Func<string, string?, Task<object?>> Perform { get; set; } = (_, _) => Task.FromResult<object?>(null);

    public SimulatedInstance this[string instance] => _instances[instance];

    public SimulatedInstance? Find(string instance) => _instances.GetValueOrDefault(instance);

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        var id = options?.InstanceId ?? throw new ArgumentException("An instance needs an id.", nameof(options));
        if (_instances.TryGetValue(id, out var known) && (!known.HasEnded || options.DedupeStatuses?.Contains($"{known.Describe().RuntimeStatus}") == true))
            throw new InvalidOperationException($"Instance '{id}' exists already.");
        return Begin(new SimulatedInstance(this, scheduler, orchestratorName.Name, id, SimulatedOrchestrationContext.Converter.Serialize(input)!));
    }

    /// <summary>Its storage was lost, and with it all that it knew of the instance, which does not go on by itself.</summary>
    public void Lose(string instance)
    {
        _instances[instance].Fail("It was lost.");
        _instances.Remove(instance);
    }

    /// <summary>The instance ends without a result, as one whose code strays.</summary>
    public void Fail(string instance) => _instances[instance].Fail("It strays.");

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        var payload = SimulatedOrchestrationContext.Converter.Serialize(eventPayload);
        if (_instances.TryGetValue(instanceId, out var instance))
            scheduler.Soon($"raise {instanceId} {eventName}", () => instance.TakeAsync(new HistoryEvent(instance.Now, "raised", Name: eventName, Data: payload)));
        return Task.CompletedTask;
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        Task.FromResult(_instances.TryGetValue(instanceId, out var instance) ? instance.Describe() : null);

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => new AllPages(
        [.. _instances.Values.Select(instance => instance.Describe()).Where(one => IsMeant(one, filter))]);

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw NotSimulated();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw NotSimulated();

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw NotSimulated();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw NotSimulated();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>
    /// The process is no more: activities that had not ended are begun again, and each orchestrator is replayed before it goes on.
    /// </summary>
    public void BeginAgain()
    {
        var underWay = _underWay.ToList();
        _underWay.Clear();
        foreach (var (instance, call) in underWay) Begin(instance, call);
        foreach (var instance in _instances.Values) instance.Forget();
    }

    private Task<string> Begin(SimulatedInstance instance)
    {
        _instances[instance.Id] = instance;
        scheduler.Soon($"start {instance.Id}", () => instance.TakeAsync(new HistoryEvent(instance.Now, "started")));
        return Task.FromResult(instance.Id);
    }

    internal void Begin(SimulatedInstance instance, HistoryCall call) =>
        scheduler.Soon($"activity {call.Name} {call.Number}", () => PerformAsync(instance, call));

    private async Task PerformAsync(SimulatedInstance instance, HistoryCall call)
    {
        _underWay.Add((instance, call));
        var point = $"activity {call.Name} {instance.Id} {call.Number}";
        var fault = faults.At(point);
        HistoryEvent ended;
        try
        {
            if (fault == Fault.Twice) await Perform(call.Name, call.Input);
            if (fault == Fault.Before) throw new SimulatedException(point);
            var result = await Perform(call.Name, call.Input);
            if (fault == Fault.After) throw new SimulatedException(point);
            ended = new HistoryEvent(default, "completed", call.Number, Data: SimulatedOrchestrationContext.Converter.Serialize(result));
        }
        catch (Exception e)
        {
            ended = new HistoryEvent(default, "failed", call.Number, Data: e.Message);
        }

        _underWay.Remove((instance, call));
        scheduler.Soon($"ended {call.Name} {call.Number}", () => instance.TakeAsync(ended with { At = instance.Now }));
    }

    private static bool IsMeant(OrchestrationMetadata one, OrchestrationQuery? filter) =>
        filter?.Statuses?.Contains(one.RuntimeStatus) != false
        && (filter?.CreatedFrom is not { } from || one.CreatedAt >= from) && (filter?.CreatedTo is not { } to || one.CreatedAt <= to);

    private static NotSupportedException NotSimulated() => new("The simulated engine does not do this.");

    private sealed class AllPages(IReadOnlyList<OrchestrationMetadata> all) : AsyncPageable<OrchestrationMetadata>
    {
        public override async IAsyncEnumerable<Microsoft.DurableTask.Page<OrchestrationMetadata>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
        {
            await Task.CompletedTask;
            var skip = continuationToken is null ? 0 : int.Parse(continuationToken, CultureInfo.InvariantCulture);
            var size = pageSizeHint ?? OrchestrationQuery.DefaultPageSize;
            var next = skip + size < all.Count ? (skip + size).ToString(CultureInfo.InvariantCulture) : null;
            yield return new Microsoft.DurableTask.Page<OrchestrationMetadata>([.. all.Skip(skip).Take(size)], next);
        }
    }
}

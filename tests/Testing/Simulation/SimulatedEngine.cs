using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Atomic.Testing.Simulation;

/// <summary>
/// Durable orchestrations in memory: activities are delivered until they end, timers fire in virtual time, external events come when they
/// are chosen. Every run is recorded, and can be replayed.
/// </summary>
public sealed class SimulatedEngine(Scheduler scheduler, IFaults faults) : DurableTaskClient("simulated")
{
    private readonly Dictionary<string, SimulatedInstance> _instances = [];

    public Func<string, TaskOrchestrationContext, Task<object?>> Orchestrate { get; set; } = (_, _) => Task.FromResult<object?>(null);

    public Func<string, string?, Task<object?>> Perform { get; set; } = (_, _) => Task.FromResult<object?>(null);

    public SimulatedInstance this[string instance] => _instances[instance];

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        var id = options?.InstanceId ?? throw new ArgumentException("An instance needs an id.", nameof(options));
        if (_instances.ContainsKey(id)) throw new InvalidOperationException($"Instance '{id}' exists already.");
        var instance = new SimulatedInstance(this, scheduler, orchestratorName.Name, id, SimulatedOrchestrationContext.Converter.Serialize(input)!);
        _instances.Add(id, instance);
        scheduler.Soon($"start {id}", () => instance.TakeAsync(new HistoryEvent(instance.Now, "started")));
        return Task.FromResult(id);
    }

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
        [.. _instances.Values.Select(instance => instance.Describe()).Where(one => filter?.Statuses?.Contains(one.RuntimeStatus) != false)]);

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw NotSimulated();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw NotSimulated();

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw NotSimulated();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw NotSimulated();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal async Task PerformAsync(SimulatedInstance instance, HistoryCall call)
    {
        var point = $"activity {call.Name} {instance.Id} {call.Number}";
        var fault = faults.At(point);
        if (fault == Fault.Twice) await Perform(call.Name, call.Input);
        HistoryEvent ended;
        try
        {
            if (fault == Fault.Before) throw new SimulatedException(point);
            var result = await Perform(call.Name, call.Input);
            if (fault == Fault.After) throw new SimulatedException(point);
            ended = new HistoryEvent(default, "completed", call.Number, Data: SimulatedOrchestrationContext.Converter.Serialize(result));
        }
        catch (Exception e)
        {
            ended = new HistoryEvent(default, "failed", call.Number, Data: e.Message);
        }

        scheduler.Soon($"ended {call.Name} {call.Number}", () => instance.TakeAsync(ended with { At = instance.Now }));
    }

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

/// <summary>One orchestration of the simulated engine.</summary>
public sealed class SimulatedInstance
{
    private readonly SimulatedEngine _engine;
    private readonly Scheduler _scheduler;
    private readonly SimulatedOrchestrationContext _context;
    private readonly Dictionary<int, IDisposable> _timers = [];
    private readonly List<HistoryEvent> _events = [];
    private readonly DateTime _created;
    private Task<object?>? _running;

    internal SimulatedInstance(SimulatedEngine engine, Scheduler scheduler, string orchestrator, string id, string input)
    {
        (_engine, _scheduler, Orchestrator, Id, Input) = (engine, scheduler, orchestrator, id, input);
        _created = Now;
        _context = new SimulatedOrchestrationContext(orchestrator, id, input) { OnCall = Call, OnCancelled = number => _timers[number].Dispose() };
    }

    public string Orchestrator { get; }

    public string Id { get; }

    public string Input { get; }

    public bool HasEnded => _running is { IsCompleted: true };

    public int Activities => _context.Calls.Count(call => call.Kind == "activity");

    public int Timers => _context.Calls.Count(call => call.Kind == "timer");

    public OrchestrationHistory History => new(Id, Orchestrator, Input, _events, _context.Calls, _context.Status);

    internal DateTime Now => _scheduler.Time.GetUtcNow().UtcDateTime;

    public OrchestrationMetadata Describe() => new(Orchestrator, Id)
    {
        DataConverter = SimulatedOrchestrationContext.Converter,
        CreatedAt = _created,
        LastUpdatedAt = _events.Count == 0 ? _created : _events[^1].At,
        RuntimeStatus = _running switch
        {
            null => OrchestrationRuntimeStatus.Pending,
            { IsFaulted: true } => OrchestrationRuntimeStatus.Failed,
            { IsCompleted: true } => OrchestrationRuntimeStatus.Completed,
            _ => OrchestrationRuntimeStatus.Running,
        },
        SerializedInput = Input,
        SerializedCustomStatus = _context.Status,
        SerializedOutput = _running is { IsCompletedSuccessfully: true } ? SimulatedOrchestrationContext.Converter.Serialize(_running.Result) : null,
        FailureDetails = _running?.Exception is { } failure ? TaskFailureDetails.FromException(failure.GetBaseException()) : null,
    };

    internal Task TakeAsync(HistoryEvent e)
    {
        if (HasEnded) return Task.CompletedTask;
        _events.Add(e);
        _context.Apply(e);
        if (e.Kind == "started") _running = _engine.Orchestrate(Orchestrator, _context);
        return Task.CompletedTask;
    }

    private void Call(HistoryCall call, DateTime now)
    {
        if (call.Kind == "activity")
        {
            _scheduler.Soon($"activity {call.Name} {call.Number}", () => _engine.PerformAsync(this, call));
            return;
        }

        var due = DateTime.Parse(call.Name, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        _timers[call.Number] = _scheduler.At(due, $"timer {call.Number}", () => TakeAsync(new HistoryEvent(Now, "fired", call.Number)));
    }
}

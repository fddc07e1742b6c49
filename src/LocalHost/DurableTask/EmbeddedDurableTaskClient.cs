using System.Diagnostics;
using Atomic.LocalHost.DurableTask.History;
using Atomic.LocalHost.DurableTask.Running;
using Atomic.LocalHost.DurableTask.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Atomic.LocalHost.DurableTask;

/// <summary>Microsoft's client over the embedded engine. It fails where the client of the Functions host fails.</summary>
internal sealed partial class EmbeddedDurableTaskClient(
    DurableSettings settings, TaskHub hub, TimerQueue timers, InstanceStarter starter, Rewinder rewinder, Purger purger)
    : DurableTaskClient(settings.HubName)
{
    private static readonly OrchestrationRuntimeStatus[] StillRunning =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    private static DataConverter Converter => EmbeddedOrchestrationContext.Converter;

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        cancellation.ThrowIfCancellationRequested();
        var id = options?.InstanceId is { } given ? InstanceIds.Check(given) : InstanceIds.New();
        var row = new InstanceRow(
            0, id, orchestratorName.Name, options?.Version?.Version ?? settings.DefaultVersion, timers.Now, options?.StartAt?.UtcDateTime,
            null, Converter.Serialize(input), options?.Tags.ToDictionary(), Activity.Current?.Id, Activity.Current?.TraceStateString);
        await starter.StartAsync(row, Guarded(options), cancellation);
        return id;
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        cancellation.ThrowIfCancellationRequested();
        return SendAsync(instanceId, new EventRaised(eventName, Converter.Serialize(eventPayload)), settings.ThrowStatusExceptionsOnRaiseEvent);
    }

    public override async Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        Metadata(await WaitUntilAsync(instanceId, state => state.Status != OrchestrationRuntimeStatus.Pending, cancellation), getInputsAndOutputs);

    public override async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        Metadata(await WaitUntilAsync(instanceId, state => state.HasEnded, cancellation), getInputsAndOutputs);

    public override Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        GetInstancesAsync(instanceId, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(Find(instanceId) is { } found ? Metadata(found, getInputsAndOutputs) : null);
    }

    // The engine outlives its clients.
    public override ValueTask DisposeAsync() => default;

    private static HashSet<OrchestrationRuntimeStatus> Guarded(StartOrchestrationOptions? options) => options?.DedupeStatuses is null
        ? [.. StillRunning]
        : [.. options.DedupeStatuses.Select(name =>
            Enum.TryParse<OrchestrationRuntimeStatus>(name, ignoreCase: true, out var status) && Enum.IsDefined(status)
                ? status
                : throw new ArgumentException($"Invalid orchestration runtime status: '{name}' for deduplication.", nameof(options)))];

    private static OrchestrationMetadata Metadata(StoredInstance instance, bool withData)
    {
        var (row, state) = instance;
        return new OrchestrationMetadata(row.Name, row.Id)
        {
            DataConverter = withData ? Converter : null,
            RuntimeStatus = state.Status,
            CreatedAt = new DateTimeOffset(row.Created),
            LastUpdatedAt = new DateTimeOffset(state.Updated),
            SerializedInput = withData ? row.Input : null,
            SerializedOutput = withData ? state.Output : null,
            SerializedCustomStatus = withData ? state.CustomStatus : null,
            FailureDetails = withData ? state.Failure?.ToDetails() : null,
            Tags = row.Tags ?? new Dictionary<string, string>(),
        };
    }

    private StoredInstance? Find(string id)
    {
        lock (hub.Gate)
        {
            hub.ThrowIfStopping();
            if (hub.TryFind(id, out var live)) return live.Snapshot;
        }

        return hub.Reader.Find(id);
    }

    private async Task<StoredInstance> WaitUntilAsync(string id, Func<InstanceState, bool> condition, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        Task<StoredInstance> waiting;
        Instance? live;
        lock (hub.Gate)
        {
            hub.ThrowIfStopping();
            waiting = hub.TryFind(id, out live)
                ? live.WaitUntil(condition)
                : Task.FromResult(hub.Reader.Find(id) ?? throw new InvalidOperationException($"There is no instance '{id}' to wait for."));
        }

        try
        {
            return await waiting.WaitAsync(cancellation);
        }
        finally
        {
            lock (hub.Gate) live?.Forget(waiting);
        }
    }

    /// <param name="strict">Whether it is an error when there is no such instance or it has ended.</param>
    private Task SendAsync(string id, InstanceEvent e, bool strict = true)
    {
        lock (hub.Gate)
        {
            hub.ThrowIfStopping();
            if (hub.TryFind(id, out var live)) return hub.SendAsync(live, e);
        }

        if (!strict) return Task.CompletedTask;
        throw hub.Reader.Find(id) is { } ended
            ? new InvalidOperationException($"Instance '{id}' is {ended.State.Status} and takes nothing more.")
            : new ArgumentException($"There is no instance '{id}'.", nameof(id));
    }
}

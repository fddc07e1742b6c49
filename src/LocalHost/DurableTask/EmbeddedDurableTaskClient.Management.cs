using System.Diagnostics;
using Atomic.LocalHost.DurableTask.History;
using Atomic.LocalHost.DurableTask.Storage;
using Microsoft.DurableTask.Client;

namespace Atomic.LocalHost.DurableTask;

internal sealed partial class EmbeddedDurableTaskClient
{
    private const int PurgedAtOnce = 100;

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return SendAsync(instanceId, new Terminate(Converter.Serialize(options?.Output), options?.Recursive ?? false));
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return SendAsync(instanceId, new Suspend(reason));
    }

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return SendAsync(instanceId, new Resume(reason));
    }

    public override async Task<string> RestartAsync(
        string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        var found = Find(instanceId) ?? throw new ArgumentException($"There is no instance '{instanceId}'.", nameof(instanceId));
        if (!restartWithNewInstanceId && !found.State.HasEnded)
            throw new InvalidOperationException($"Instance '{instanceId}' is {found.State.Status}; it can be restarted under its id when it has ended.");

        var row = new InstanceRow(
            0, restartWithNewInstanceId ? InstanceIds.New() : instanceId, found.Row.Name, found.Row.Version, timers.Now, null,
            null, found.Row.Input, found.Row.Tags, Activity.Current?.Id, Activity.Current?.TraceStateString);
        await starter.StartAsync(row, StillRunning, cancellation);
        return row.Id;
    }

    public override Task RewindInstanceAsync(string instanceId, string reason, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return rewinder.RewindAsync(instanceId, cancellation);
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return new PurgeResult(await purger.PurgeAsync(instanceId, options?.Recursive ?? false, cancellation), isComplete: true);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter.Timeout <= TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(filter), filter.Timeout, "The time limit of a purge must be positive.");

        var statuses = (filter.Statuses ?? Enum.GetValues<OrchestrationRuntimeStatus>()).Where(InstanceState.IsEnd).ToHashSet();
        var until = filter.Timeout is { } limit ? timers.Now + limit : DateTime.MaxValue;
        var page = new InstanceFilter { CreatedFrom = filter.CreatedFrom, CreatedTo = filter.CreatedTo, Statuses = statuses, Count = PurgedAtOnce };
        var purged = 0;
        while (statuses.Count > 0)
        {
            var found = hub.Reader.Select(page);
            foreach (var instance in found)
            {
                if (timers.Now >= until) return new PurgeResult(purged, isComplete: false);
                purged += await purger.PurgeAsync(instance.Row.Id, options?.Recursive ?? false, cancellation);
            }

            if (found.Count < PurgedAtOnce) break;
            page = page with { Continuation = InstanceFilter.After(found[^1].Row) };
        }

        return new PurgeResult(purged, isComplete: true);
    }
}

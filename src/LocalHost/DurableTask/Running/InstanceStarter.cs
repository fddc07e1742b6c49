using Atomic.LocalHost.DurableTask.History;
using Atomic.LocalHost.DurableTask.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.DurableTask.Running;

/// <summary>Starts instances, one an id.</summary>
internal sealed class InstanceStarter(TaskHub hub, TimerQueue timers, ILogger log)
{
    /// <param name="row">Its key is given here.</param>
    /// <param name="guarded">An instance in one of these is not replaced; one in another is, and is terminated first when it runs.</param>
    /// <exception cref="OrchestrationAlreadyExistsException">The id has an instance that is not to be replaced.</exception>
    public async Task StartAsync(InstanceRow row, IReadOnlyCollection<OrchestrationRuntimeStatus> guarded, CancellationToken cancellation)
    {
        while (TryReserve(row.Id, guarded) is { } busy) await busy.WaitAsync(cancellation);
        try
        {
            var ended = hub.Reader.Find(row.Id);
            if (ended is not null && guarded.Contains(ended.State.Status))
                throw new OrchestrationAlreadyExistsException(row.Id, ended.State.Status);
            await WriteAsync(row with { Key = hub.NextKey() }, ended);
        }
        catch
        {
            lock (hub.Gate) hub.Release(row.Id);
            throw;
        }

        Logs.Started(log, row.Id, row.Name);
    }

    /// <summary>Lets an instance that is live run when its time has come. Called under the gate.</summary>
    public void Begin(Instance instance)
    {
        if (instance.Position == 0 && instance.Row.StartAt is { } startAt && startAt > timers.Now)
        {
            timers.Add(new PendingTimer(instance, PendingTimer.Start, startAt));
            return;
        }

        instance.MayStart = true;
        hub.Wake(instance);
    }

    /// <returns>Null when the id is reserved; else what to wait for before it is tried again.</returns>
    private Task? TryReserve(string id, IReadOnlyCollection<OrchestrationRuntimeStatus> guarded)
    {
        lock (hub.Gate)
        {
            hub.ThrowIfStopping();
            if (!hub.TryFind(id, out var live)) return hub.TryClaim(id, out var busy) ? null : busy;
            if (guarded.Contains(live.State.Status)) throw new OrchestrationAlreadyExistsException(id, live.State.Status);
            _ = hub.SendAsync(live, new Terminate(null, Recursive: false));
            return live.WaitUntil(state => state.HasEnded);
        }
    }

    private Task WriteAsync(InstanceRow row, StoredInstance? ended)
    {
        var instance = new Instance(row, new InstanceState(OrchestrationRuntimeStatus.Pending, row.Created));
        Write[] writes =
        [
            .. ended is null ? [] : Write.DropInstance(ended.Row.Key),
            Write.AddInstance(row),
            Write.SetState(row.Key, instance.State),
        ];
        return hub.WriteAsync(writes, () =>
        {
            lock (hub.Gate)
            {
                hub.Add(instance);
                Begin(instance);
            }
        });
    }
}

using Atomic.LocalHost.DurableTask.Storage;

namespace Atomic.LocalHost.DurableTask.Running;

/// <summary>Removes instances that have ended, with all that is kept of them.</summary>
internal sealed class Purger(TaskHub hub)
{
    /// <returns>How many were removed: none when there is none of this id or it has not ended.</returns>
    public async Task<int> PurgeAsync(string id, bool recursive, CancellationToken cancellation)
    {
        while (TryReserve(id) is { } busy) await busy.WaitAsync(cancellation);
        var claimed = new List<string> { id };
        try
        {
            if (hub.Reader.Find(id) is not { State.HasEnded: true } ended) return 0;
            var purged = new List<StoredInstance> { ended };
            if (recursive) AddChildren(ended, purged, claimed);
            await hub.WriteAsync([.. purged.SelectMany(instance => Write.DropInstance(instance.Row.Key))], () => { });
            return purged.Count;
        }
        finally
        {
            lock (hub.Gate)
            {
                foreach (var held in claimed) hub.Release(held);
            }
        }
    }

    private Task? TryReserve(string id)
    {
        lock (hub.Gate)
        {
            hub.ThrowIfStopping();
            return hub.TryClaim(id, out var busy) ? null : busy;
        }
    }

    // A child that has not ended, or that someone else is about to change, stays.
    private void AddChildren(StoredInstance parent, List<StoredInstance> purged, List<string> claimed)
    {
        foreach (var child in hub.Reader.Children(parent.Row.Key).Where(child => child.State.HasEnded))
        {
            lock (hub.Gate)
            {
                if (!hub.TryClaim(child.Row.Id, out _)) continue;
            }

            claimed.Add(child.Row.Id);
            purged.Add(child);
            AddChildren(child, purged, claimed);
        }
    }
}

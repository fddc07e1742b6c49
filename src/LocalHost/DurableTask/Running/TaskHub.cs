using System.Diagnostics.CodeAnalysis;
using Atomic.LocalHost.DurableTask.History;
using Atomic.LocalHost.DurableTask.Replay;
using Atomic.LocalHost.DurableTask.Storage;

namespace Atomic.LocalHost.DurableTask.Running;

/// <summary>
/// The task hub in memory: every instance that has not ended. Whoever looks at one or changes it holds the gate, briefly; code of the
/// app is never run under it.
/// </summary>
internal sealed class TaskHub(CommitWriter writer, InstanceReader reader)
{
    private readonly Dictionary<string, Instance> _live = [];
    private readonly Dictionary<string, TaskCompletionSource> _claims = [];
    private long _lastKey;
    private long _lastNumber;
    private int _onTheirWay;
    private Action<Instance>? _onReady;
    private Exception? _whyStopped;

    public Lock Gate { get; } = new();

    public InstanceReader Reader => reader;

    /// <summary>Commits that are not written yet, or have not had their effect.</summary>
    public int OnTheirWay => Volatile.Read(ref _onTheirWay);

    /// <summary>No new work is begun any more.</summary>
    public bool IsStopping => _whyStopped is not null;

    public void Open((long Key, long Number) highest, Action<Instance> onReady)
    {
        (_lastKey, _lastNumber) = highest;
        _onReady = onReady;
    }

    public long NextKey() => Interlocked.Increment(ref _lastKey);

    /// <param name="durable">What follows once it is written. Called by the writer, in the order of the commits.</param>
    public Task WriteAsync(IReadOnlyList<Write> writes, Action durable)
    {
        Interlocked.Increment(ref _onTheirWay);
        var commit = new Commit(writes)
        {
            Durable = () =>
            {
                durable();
                Interlocked.Decrement(ref _onTheirWay);
            },
        };
        writer.Add(commit);
        return commit.Done;
    }

    public bool TryFind(string id, [NotNullWhen(true)] out Instance? instance) => _live.TryGetValue(id, out instance);

    /// <summary>The parent of an instance, if it still waits for it.</summary>
    public Instance? ParentOf(Instance child) =>
        child.Row.Parent is { } link && TryFind(link.InstanceId, out var parent) && parent.Key == link.Key ? parent : null;

    public IReadOnlyList<Instance> ChildrenOf(Instance parent) => [.. _live.Values.Where(child => child.Row.Parent?.Key == parent.Key)];

    /// <summary>Keeps an id for one who makes, revives or removes an instance that is not live.</summary>
    /// <param name="busy">Ends when the id is free again.</param>
    public bool TryClaim(string id, [NotNullWhen(false)] out Task? busy)
    {
        busy = null;
        if (_claims.TryAdd(id, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))) return true;
        busy = _claims[id].Task;
        return false;
    }

    public void Release(string id)
    {
        if (_claims.Remove(id, out var claim)) claim.SetResult();
    }

    public void Add(Instance instance)
    {
        _live.Add(instance.Id, instance);
        Release(instance.Id);
    }

    public void Remove(Instance instance) => _live.Remove(instance.Id);

    /// <summary>A message that survives a kill until a step has taken it.</summary>
    public (Message Message, Write Write) Keep(Instance target, InstanceEvent e)
    {
        var number = Interlocked.Increment(ref _lastNumber);
        return (new Message(e, Write.DropMessage(number)), Write.AddMessage(number, target.Key, e));
    }

    /// <summary>Sends durably to an instance; what has ended meanwhile takes no more.</summary>
    public Task SendAsync(Instance target, InstanceEvent e, params Write[] with)
    {
        var (message, write) = Keep(target, e);
        return WriteAsync([write, .. with], () =>
        {
            lock (Gate) Deliver(target, message);
        });
    }

    public void Deliver(Instance target, Message message)
    {
        if (target.State.HasEnded)
        {
            _ = WriteAsync([message.Consumed], () => { });
            return;
        }

        (message.Event.IsOrder ? target.Orders : target.Inbox).Add(message);
        Wake(target);
    }

    /// <summary>An orchestrator was continued from outside; its next step stops it.</summary>
    public void Stray(Instance instance, Execution execution)
    {
        lock (Gate)
        {
            if (instance.Execution != execution) return;
            instance.Nudged = true;
            Wake(instance);
        }
    }

    public void Wake(Instance instance)
    {
        if (IsStopping || instance.Queued || !instance.CanGoOn) return;
        instance.Queued = true;
        _onReady!(instance);
    }

    public void Stop(Exception why)
    {
        lock (Gate) _whyStopped ??= why;
    }

    /// <exception cref="InvalidOperationException">The engine is closed, or about to be, or its file could not be written.</exception>
    public void ThrowIfStopping()
    {
        if (_whyStopped is { } why) throw new InvalidOperationException(why.Message, why);
    }

    /// <summary>Tells all who wait for an instance that nothing will come of it here.</summary>
    public void Abandon()
    {
        lock (Gate)
        {
            if (_whyStopped is not { } why) return;
            foreach (var instance in _live.Values) instance.Abandon(why);
        }
    }
}

using Atomic.LocalHost.DurableTask.History;
using Atomic.LocalHost.DurableTask.Replay;
using Atomic.LocalHost.DurableTask.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Atomic.LocalHost.DurableTask.Running;

/// <summary>
/// An instance that has not ended: how it stands after its last commit, what has reached it since, and what it waits for. One that waits
/// costs nothing but this. All of it is guarded by the hub's gate.
/// </summary>
internal sealed class Instance(InstanceRow row, InstanceState state)
{
    private readonly List<(Func<InstanceState, bool> Is, TaskCompletionSource<StoredInstance> Found)> _waiters = [];

    public InstanceRow Row { get; private set; } = row;

    public InstanceState State { get; private set; } = state;

    public long Key => Row.Key;

    public string Id => Row.Id;

    /// <summary>How many steps its history has; none before it has started.</summary>
    public long Position { get; set; }

    /// <summary>Its time to start has come.</summary>
    public bool MayStart { get; set; }

    public List<Message> Inbox { get; private set; } = [];

    /// <summary>Orders to the engine, which pass the inbox by.</summary>
    public List<Message> Orders { get; private set; } = [];

    public Dictionary<int, PendingActivity> Activities { get; } = [];

    public Dictionary<int, PendingTimer> Timers { get; } = [];

    /// <summary>Its orchestrator, when it is warm.</summary>
    public Execution? Execution { get; set; }

    /// <summary>It has to take a step although nothing has reached it.</summary>
    public bool Nudged { get; set; }

    /// <summary>This host does not run its version.</summary>
    public bool Refused { get; set; }

    /// <summary>In the queue of those that can go on.</summary>
    public bool Queued { get; set; }

    /// <summary>In a step, or the step's commit is on its way.</summary>
    public bool Busy { get; set; }

    public bool IsSuspended => State.Status == OrchestrationRuntimeStatus.Suspended;

    public bool CanGoOn => !Busy && !State.HasEnded
        && (Orders.Count > 0 || (!IsSuspended && !Refused && (Position == 0 ? MayStart : Inbox.Count > 0 || Nudged)));

    public StoredInstance Snapshot => new(Row, State);

    public OrchestrationIdentity Identity => new(
        Row.Name, Row.Id, Row.Version, Row.Parent is { } parent ? new ParentOrchestrationInstance(parent.Name, parent.InstanceId) : null, Row.Input);

    public List<Message> TakeInbox()
    {
        var taken = Inbox;
        (Inbox, Nudged) = ([], false);
        return taken;
    }

    /// <summary>What a kill would lose, and the inbox without it.</summary>
    public List<Message> TakeUnkept()
    {
        var unkept = Inbox.FindAll(message => !message.IsKept);
        Inbox.RemoveAll(message => !message.IsKept);
        return unkept;
    }

    public List<Message> TakeOrders()
    {
        var taken = Orders;
        Orders = [];
        return taken;
    }

    /// <summary>Begins anew under the same id and key.</summary>
    public void ContinueAs(InstanceRow row, IEnumerable<Message> kept)
    {
        Row = row;
        Position = 0;
        MayStart = true;
        Execution = null;
        Inbox.InsertRange(0, kept);
    }

    public void Set(InstanceState state)
    {
        State = state;
        foreach (var (_, found) in _waiters.Where(waiter => waiter.Is(state))) found.TrySetResult(Snapshot);
        _waiters.RemoveAll(waiter => waiter.Found.Task.IsCompleted);
    }

    /// <summary>Ends when it stands so.</summary>
    public Task<StoredInstance> WaitUntil(Func<InstanceState, bool> condition)
    {
        if (condition(State)) return Task.FromResult(Snapshot);
        var found = new TaskCompletionSource<StoredInstance>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiters.Add((condition, found));
        return found.Task;
    }

    /// <summary>Nobody waits for this any more.</summary>
    public void Forget(Task waiting) => _waiters.RemoveAll(waiter => waiter.Found.Task == waiting);

    /// <summary>Nobody is left to say how it goes on.</summary>
    public void Abandon(Exception why)
    {
        foreach (var (_, found) in _waiters) found.TrySetException(why);
        _waiters.Clear();
    }
}

/// <summary>What has reached an instance, and the row that keeps it until a step has taken it.</summary>
/// <param name="NotBefore">The step that takes it must not be told an earlier time.</param>
/// <param name="IsKept">A row holds what it says; what is not kept has to be made again after a kill.</param>
internal sealed record Message(InstanceEvent Event, Write Consumed, DateTime NotBefore = default, bool IsKept = true);

internal sealed record PendingActivity(Instance Instance, int Task, string Name, string? Input);

internal sealed record PendingTimer(Instance Instance, int Task, DateTime Due)
{
    /// <summary>The timer of a scheduled start is no call of an orchestrator.</summary>
    public const int Start = -1;

    public bool Cancelled { get; set; }
}

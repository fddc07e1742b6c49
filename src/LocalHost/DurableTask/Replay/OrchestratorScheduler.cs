namespace Atomic.LocalHost.DurableTask.Replay;

/// <summary>
/// Runs an orchestrator's continuations in the order in which they became due, on whichever thread calls <see cref="Run"/>, so that
/// a replay meets them in the same order. A continuation that another thread brings was not caused by the context: it is not run, and
/// told of.
/// </summary>
internal sealed class OrchestratorScheduler(Action onIntrusion) : TaskScheduler
{
    [ThreadStatic]
    private static OrchestratorScheduler? _current;

    private readonly Queue<Task> _due = new();

    /// <summary>Whether the calling thread is the one that runs this orchestrator now.</summary>
    public bool IsHere => _current == this;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Makes the calling thread the orchestrator's while it does <paramref name="work"/> and all that becomes due by it.</summary>
    public void Run(Action work)
    {
        var before = _current;
        _current = this;
        try
        {
            // As a task of its own, so that a continuation that was told to leave its context leaves it, as it would anywhere.
            var doing = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);
            while (_due.TryDequeue(out var task)) TryExecuteTask(task);
            doing.GetAwaiter().GetResult();
        }
        finally
        {
            _current = before;
        }
    }

    /// <summary>Calls back when <paramref name="token"/> is cancelled, if that is done by the orchestrator.</summary>
    public CancellationTokenRegistration OnCancelled(Action callback, CancellationToken token) => token.Register(() =>
    {
        if (IsHere) callback();
        else onIntrusion();
    });

    protected override void QueueTask(Task task)
    {
        if (IsHere) _due.Enqueue(task);
        else onIntrusion();
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _due.ToArray();
}

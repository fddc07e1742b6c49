namespace Atomic.EventSourcing;

/// <summary>A command that waits for its turn at a stream, and its answer.</summary>
internal sealed record PendingCommand<TState>(Invocation Invocation, Func<TState, IReadOnlyList<IEvent>> Decide, bool IsUndo, bool Creates)
    : IPending
    where TState : IAggregate<TState>
{
    public string CommandId => Invocation.CommandId;

    public TaskCompletionSource<Answer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The flow of execution that it comes from.</summary>
    public ExecutionContext? Flow { get; } = ExecutionContext.Capture();

    void IPending.Fail(Exception e) => Answer.TrySetException(e);
}

internal interface IPending
{
    void Fail(Exception e);
}

/// <summary>
/// One group of commands at a time at each stream within this process: who comes while others are at it waits, and is then taken together
/// with all who wait. A busy stream so costs one write a group, and no storm of conflicts. Correctness does not depend on it: other
/// processes are met by the store's own guard.
/// </summary>
internal sealed class StreamTurns
{
    private readonly Dictionary<StreamId, List<IPending>> _waiting = [];
    private Gathering? _gathering;

    /// <summary>Lets no group begin until what is returned is disposed of, so that all who join meanwhile are in one.</summary>
    public IDisposable Gather()
    {
        lock (_waiting)
        {
            _gathering ??= new Gathering(this);
            _gathering.Open++;
            return _gathering;
        }
    }

    /// <summary>Joins the next group of the stream.</summary>
    /// <param name="commit">Carries out a group, and answers each of its commands.</param>
    public Task<Answer> Join<TState>(StreamId stream, PendingCommand<TState> command, Func<IReadOnlyList<PendingCommand<TState>>, Task> commit)
        where TState : IAggregate<TState>
    {
        lock (_waiting)
        {
            if (_waiting.TryGetValue(stream, out var waiting))
            {
                waiting.Add(command);
                return command.Answer.Task;
            }

            _waiting[stream] = [command];
        }

        // Nobody awaits it: each command has its own answer, and whatever goes wrong is one.
        _ = TakeTurnsAsync(stream, commit);
        return command.Answer.Task;
    }

    private async Task TakeTurnsAsync<TState>(StreamId stream, Func<IReadOnlyList<PendingCommand<TState>>, Task> commit)
        where TState : IAggregate<TState>
    {
        // The one who joins is not to carry out a group before it has its own answer to wait for.
        await Task.Yield();
        while (true)
        {
            if (Gathered is { } gathered) await gathered;
            if (Next<TState>(stream) is not { Count: > 0 } group) return;
            try
            {
                await InFlowAsync(group[0].Flow, () => commit(group));
            }
            catch (Exception e)
            {
                foreach (IPending command in group) command.Fail(e);
            }
        }
    }

    /// <summary>
    /// What a group uses is counted, and traced, as its first command's: whoever took the turns before may have been answered long since.
    /// </summary>
    private static Task InFlowAsync(ExecutionContext? first, Func<Task> commit)
    {
        if (first is null) return commit();
        var committing = Task.CompletedTask;
        ExecutionContext.Run(first, _ => committing = commit(), null);
        return committing;
    }

    private Task? Gathered
    {
        get
        {
            lock (_waiting) return _gathering?.Done.Task;
        }
    }

    private List<PendingCommand<TState>> Next<TState>(StreamId stream) where TState : IAggregate<TState>
    {
        lock (_waiting)
        {
            var waiting = _waiting[stream];
            if (waiting.Count == 0) _waiting.Remove(stream);
            var group = waiting.Take(NewCommit.MostTogether).Cast<PendingCommand<TState>>().ToList();
            waiting.RemoveRange(0, group.Count);
            return group;
        }
    }

    private sealed class Gathering(StreamTurns turns) : IDisposable
    {
        public int Open { get; set; }

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose()
        {
            lock (turns._waiting)
            {
                if (--Open > 0) return;
                turns._gathering = null;
            }

            Done.SetResult();
        }
    }
}

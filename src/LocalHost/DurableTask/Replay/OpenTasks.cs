using Atomic.LocalHost.DurableTask.History;
using Microsoft.DurableTask;

namespace Atomic.LocalHost.DurableTask.Replay;

/// <summary>The calls that an orchestrator waits for, each by its number.</summary>
internal sealed class OpenTasks
{
    private readonly Dictionary<int, OpenTask> _open = [];

    public bool Any => _open.Count > 0;

    public IReadOnlyCollection<Decision> Decisions => [.. _open.Values.Select(task => task.Decision)];

    public Task<string?> Open(Decision decision, string name)
    {
        var task = new OpenTask(decision, name, new TaskCompletionSource<string?>());
        _open.Add(decision.Id, task);
        return task.Result.Task;
    }

    /// <summary>Completes a call. One that nobody waits for any more is passed over, at a replay as at the first time.</summary>
    public void Succeed(int id, string? result)
    {
        if (_open.Remove(id, out var task)) task.Result.TrySetResult(result);
    }

    public void Fail(int id, Failure failure)
    {
        if (_open.Remove(id, out var task)) task.Result.TrySetException(new TaskFailedException(task.Name, id, failure.ToDetails()));
    }

    public bool Cancel(int id, CancellationToken cancellation) => _open.Remove(id, out var task) && task.Result.TrySetCanceled(cancellation);

    private sealed record OpenTask(Decision Decision, string Name, TaskCompletionSource<string?> Result);
}

namespace Atomic.LocalHost.DurableTask.Storage;

/// <summary>Changes that are made together or not at all.</summary>
internal sealed class Commit(IReadOnlyList<Write> writes)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<Write> Writes => writes;

    /// <summary>What follows once it is durable. Called by the writer, in the order of the commits.</summary>
    public Action? Durable { get; init; }

    /// <summary>Ends when what follows has been done; fails when the file could not be written.</summary>
    public Task Done => _done.Task;

    public void Succeed()
    {
        Durable?.Invoke();
        _done.TrySetResult();
    }

    public void Fail(Exception e) => _done.TrySetException(e);
}

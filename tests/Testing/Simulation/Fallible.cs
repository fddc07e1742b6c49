using System.Runtime.CompilerServices;
using Atomic.EventSourcing;
using Atomic.Verification.Storage;

namespace Atomic.Testing.Simulation;

/// <summary>A process that can be ended between any two requests, and of whose requests the last may or may not have been carried out.</summary>
public sealed class Fallible
{
    private bool _isDown;

    /// <summary>The next request does not come back.</summary>
    public void Kill() => _isDown = true;

    public void Start() => _isDown = false;

    /// <summary>One request: others may go first, the process may end before it, or after it and before its reply.</summary>
    public async Task<T> RequestAsync<T>(Func<Task<T>> request)
    {
        await PassAsync();
        var answer = await request();
        await PassAsync();
        return answer;
    }

    public async Task PassAsync()
    {
        await Task.Yield();
        if (_isDown) throw new ProcessKilledException();
    }
}

/// <summary>The process is no more; nobody in it can do anything about it.</summary>
public sealed class ProcessKilledException() : Exception("The process was killed.");

/// <summary>An event store as a process that can fail meets it.</summary>
public sealed class FallibleEventStore(InMemoryEventStore inner, Fallible process) : IEventStore, IStreamScan
{
    public async ValueTask<StreamHead<TState>> LoadAsync<TState>(string id, bool likelyNew, CancellationToken cancellation)
        where TState : IAggregate<TState> => await process.RequestAsync(() => inner.LoadAsync<TState>(id, likelyNew, cancellation).AsTask());

    public void Forget(StreamId stream) => inner.Forget(stream);

    public Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, NewCommit commit, CancellationToken cancellation)
        where TState : IAggregate<TState> => process.RequestAsync(() => inner.AppendAsync(head, commit, cancellation));

    public Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, IReadOnlyList<NewCommit> commits, CancellationToken cancellation)
        where TState : IAggregate<TState> => process.RequestAsync(() => inner.AppendAsync(head, commits, cancellation));

    public Task<long> FindVersionAsync(StreamId stream, CancellationToken cancellation) =>
        process.RequestAsync(() => inner.FindVersionAsync(stream, cancellation));

    public Task<CommandRecord?> FindRecordAsync(StreamId stream, string commandId, CancellationToken cancellation) =>
        process.RequestAsync(() => inner.FindRecordAsync(stream, commandId, cancellation));

    public Task<Commit?> FindCommitAsync<TState>(string id, long lastVersion, CancellationToken cancellation) where TState : IAggregate<TState> =>
        process.RequestAsync(() => inner.FindCommitAsync<TState>(id, lastVersion, cancellation));

    public async IAsyncEnumerable<Commit> ReadAsync<TState>(
        string id, long fromVersion, [EnumeratorCancellation] CancellationToken cancellation) where TState : IAggregate<TState>
    {
        await foreach (var commit in inner.ReadAsync<TState>(id, fromVersion, cancellation))
        {
            await process.PassAsync();
            yield return commit;
        }
    }

    public async IAsyncEnumerable<Scanned> ScanAsync<TState>(int from, int to, [EnumeratorCancellation] CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        await foreach (var scanned in inner.ScanAsync<TState>(from, to, cancellation))
        {
            await process.PassAsync();
            yield return scanned;
        }
    }
}

/// <summary>Read models as a process that can fail meets them.</summary>
public sealed class FallibleReadModels(IReadModelStore inner, Fallible process) : IReadModelStore
{
    public async ValueTask<Row<TRow>?> FindAsync<TRow>(string table, string key, bool fresh, CancellationToken cancellation) where TRow : class =>
        await process.RequestAsync(() => inner.FindAsync<TRow>(table, key, fresh, cancellation).AsTask());

    public Task<bool> WriteAsync<TRow>(
        string table, Row<TRow> row, IReadOnlyDictionary<string, string> columns, CancellationToken cancellation) where TRow : class =>
        process.RequestAsync(() => inner.WriteAsync(table, row, columns, cancellation));

    public Task<string?> WriteTogetherAsync(string table, IReadOnlyList<RowWrite> rows, CancellationToken cancellation) =>
        process.RequestAsync(() => inner.WriteTogetherAsync(table, rows, cancellation));

    public Task<IReadOnlyList<string>> InsertAsync(string table, IReadOnlyList<RowWrite> rows, CancellationToken cancellation) =>
        process.RequestAsync(() => inner.InsertAsync(table, rows, cancellation));

    public Task<Page<Row<TRow>>> ListFolderAsync<TRow>(
        string table, FolderSlice slice, int pageSize, string? continuation, CancellationToken cancellation) where TRow : class =>
        process.RequestAsync(() => inner.ListFolderAsync<TRow>(table, slice, pageSize, continuation, cancellation));

    public Task<Page<Row<TRow>>> ListAsync<TRow>(
        string table, IReadOnlyDictionary<string, string> columns, int pageSize, string? continuation, CancellationToken cancellation)
        where TRow : class => process.RequestAsync(() => inner.ListAsync<TRow>(table, columns, pageSize, continuation, cancellation));
}

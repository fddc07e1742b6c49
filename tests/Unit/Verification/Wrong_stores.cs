using Atomic.EventSourcing;

namespace Atomic.Unit.Verification;

/// <summary>An event store that is not quite one.</summary>
internal abstract class WrongStore(IEventStore inner) : IEventStore
{
    public virtual ValueTask<StreamHead<TState>> LoadAsync<TState>(string id, bool likelyNew, CancellationToken cancellation)
        where TState : IAggregate<TState> => inner.LoadAsync<TState>(id, likelyNew, cancellation);

    public void Forget(StreamId stream) => inner.Forget(stream);

    public Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, NewCommit commit, CancellationToken cancellation)
        where TState : IAggregate<TState> => AppendAsync(head, [commit], cancellation);

    public abstract Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, IReadOnlyList<NewCommit> commits, CancellationToken cancellation)
        where TState : IAggregate<TState>;

    public Task<long> FindVersionAsync(StreamId stream, CancellationToken cancellation) => inner.FindVersionAsync(stream, cancellation);

    public virtual Task<CommandRecord?> FindRecordAsync(StreamId stream, string commandId, CancellationToken cancellation) =>
        inner.FindRecordAsync(stream, commandId, cancellation);

    public Task<Commit?> FindCommitAsync<TState>(string id, long lastVersion, CancellationToken cancellation) where TState : IAggregate<TState> =>
        inner.FindCommitAsync<TState>(id, lastVersion, cancellation);

    public IAsyncEnumerable<Commit> ReadAsync<TState>(string id, long fromVersion, CancellationToken cancellation) where TState : IAggregate<TState> =>
        inner.ReadAsync<TState>(id, fromVersion, cancellation);
}

/// <summary>An undo of what was never done leaves nothing behind.</summary>
internal sealed class StoreWithoutTombstones(IEventStore inner) : WrongStore(inner)
{
    private readonly IEventStore _inner = inner;

    public override Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, IReadOnlyList<NewCommit> commits, CancellationToken cancellation) =>
        commits is [{ From: RecordState.None, To: RecordState.Undone } tombstone]
            ? Task.FromResult<AppendOutcome>(new AppendOutcome.Appended(new Commit(head.Stream, tombstone.CommandId, [])))
            : _inner.AppendAsync(head, commits, cancellation);
}

/// <summary>No record is kept of any command.</summary>
internal sealed class StoreWithoutRecords(IEventStore inner) : WrongStore(inner)
{
    private readonly IEventStore _inner = inner;
    private int _commits;

    public override async ValueTask<StreamHead<TState>> LoadAsync<TState>(string id, bool likelyNew, CancellationToken cancellation) =>
        await _inner.LoadAsync<TState>(id, likelyNew, cancellation) with { Recent = [] };

    public override Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, IReadOnlyList<NewCommit> commits, CancellationToken cancellation) =>
        _inner.AppendAsync(head, [.. commits.Select(commit => commit with { CommandId = $"{commit.CommandId}~{_commits++}", From = RecordState.None })], cancellation);

    public override Task<CommandRecord?> FindRecordAsync(StreamId stream, string commandId, CancellationToken cancellation) =>
        Task.FromResult<CommandRecord?>(null);
}

/// <summary>What is undone looks as if it were still done.</summary>
internal sealed class StoreThatForgetsUndos(IEventStore inner) : WrongStore(inner)
{
    private readonly IEventStore _inner = inner;
    private int _undos;

    public override async ValueTask<StreamHead<TState>> LoadAsync<TState>(string id, bool likelyNew, CancellationToken cancellation)
    {
        var head = await _inner.LoadAsync<TState>(id, likelyNew, cancellation);
        return head with { Recent = [.. head.Recent.Select(AsDone)] };
    }

    public override Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, IReadOnlyList<NewCommit> commits, CancellationToken cancellation) =>
        _inner.AppendAsync(head, [.. commits.Select(commit => commit.From == RecordState.Done
            ? commit with { CommandId = $"{commit.CommandId}~{_undos++}", From = RecordState.None }
            : commit)], cancellation);

    public override async Task<CommandRecord?> FindRecordAsync(StreamId stream, string commandId, CancellationToken cancellation) =>
        await _inner.FindRecordAsync(stream, commandId, cancellation) is { } record ? AsDone(record) : null;

    private static CommandRecord AsDone(CommandRecord record) =>
        record is { State: RecordState.Undone, DoVersion: > 0 } ? record with { State = RecordState.Done } : record;
}

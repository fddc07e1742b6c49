using Atomic.EventSourcing;

namespace Atomic.Testing.EventStore;

/// <summary>Does what another event store does, but for what a subclass does in another way.</summary>
public abstract class ForwardingEventStore(IEventStore inner) : IEventStore
{
    public virtual ValueTask<StreamHead<TState>> LoadAsync<TState>(string id, bool likelyNew, CancellationToken cancellation)
        where TState : IAggregate<TState> => inner.LoadAsync<TState>(id, likelyNew, cancellation);

    public void Forget(StreamId stream) => inner.Forget(stream);

    public Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, NewCommit commit, CancellationToken cancellation)
        where TState : IAggregate<TState> => AppendAsync(head, [commit], cancellation);

    public virtual Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, IReadOnlyList<NewCommit> commits, CancellationToken cancellation)
        where TState : IAggregate<TState> => inner.AppendAsync(head, commits, cancellation);

    public Task<long> FindVersionAsync(StreamId stream, CancellationToken cancellation) => inner.FindVersionAsync(stream, cancellation);

    public virtual Task<CommandRecord?> FindRecordAsync(StreamId stream, string commandId, CancellationToken cancellation) =>
        inner.FindRecordAsync(stream, commandId, cancellation);

    public Task<Commit?> FindCommitAsync<TState>(string id, long lastVersion, CancellationToken cancellation) where TState : IAggregate<TState> =>
        inner.FindCommitAsync<TState>(id, lastVersion, cancellation);

    public IAsyncEnumerable<Commit> ReadAsync<TState>(string id, long fromVersion, CancellationToken cancellation) where TState : IAggregate<TState> =>
        inner.ReadAsync<TState>(id, fromVersion, cancellation);
}

using System.Collections.Concurrent;
using Atomic.EventSourcing;
using Atomic.Verification.Storage;

namespace Atomic.Unit.EventSourcing;

internal sealed class RecordingPublisher : IEventPublisher
{
    private readonly ConcurrentQueue<long> _versions = [];

    public bool Broken { get; set; }

    public IEnumerable<long> Versions => _versions;

    public Task PublishAsync(Commit commit, CancellationToken cancellation)
    {
        if (Broken) throw new IOException("The bus does not answer.");
        foreach (var e in commit.Events) _versions.Enqueue(e.Version);
        return Task.CompletedTask;
    }
}

/// <summary>A store whose writes may have a few events only.</summary>
internal sealed class NarrowStore(InMemoryEventStore inner, int mostEvents) : IEventStore
{
    public ValueTask<StreamHead<TState>> LoadAsync<TState>(string id, bool likelyNew, CancellationToken cancellation)
        where TState : IAggregate<TState> => inner.LoadAsync<TState>(id, likelyNew, cancellation);

    public void Forget(StreamId stream) => inner.Forget(stream);

    public Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, NewCommit commit, CancellationToken cancellation)
        where TState : IAggregate<TState> => AppendAsync(head, [commit], cancellation);

    public Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, IReadOnlyList<NewCommit> commits, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        var events = commits.Sum(commit => commit.Events.Count);
        return events > mostEvents
            ? throw new CommitTooLargeException(head.Stream, "The number of events", events, mostEvents)
            : inner.AppendAsync(head, commits, cancellation);
    }

    public Task<long> FindVersionAsync(StreamId stream, CancellationToken cancellation) => inner.FindVersionAsync(stream, cancellation);

    public Task<CommandRecord?> FindRecordAsync(StreamId stream, string commandId, CancellationToken cancellation) =>
        inner.FindRecordAsync(stream, commandId, cancellation);

    public Task<Commit?> FindCommitAsync<TState>(string id, long lastVersion, CancellationToken cancellation) where TState : IAggregate<TState> =>
        inner.FindCommitAsync<TState>(id, lastVersion, cancellation);

    public IAsyncEnumerable<Commit> ReadAsync<TState>(string id, long fromVersion, CancellationToken cancellation) where TState : IAggregate<TState> =>
        inner.ReadAsync<TState>(id, fromVersion, cancellation);
}

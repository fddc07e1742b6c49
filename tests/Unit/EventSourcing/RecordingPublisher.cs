using System.Collections.Concurrent;
using Atomic.EventSourcing;
using Atomic.Testing.EventStore;

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
internal sealed class NarrowStore(IEventStore inner, int mostEvents) : ForwardingEventStore(inner)
{
    public override Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, IReadOnlyList<NewCommit> commits, CancellationToken cancellation)
    {
        var events = commits.Sum(commit => commit.Events.Count);
        return events > mostEvents
            ? throw new CommitTooLargeException(head.Stream, "The number of events", events, mostEvents)
            : base.AppendAsync(head, commits, cancellation);
    }
}

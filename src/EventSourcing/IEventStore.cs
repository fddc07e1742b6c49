namespace Atomic.EventSourcing;

/// <summary>The newest of a stream as it was read: its state, version, and the records of its last commands.</summary>
/// <param name="Version">0 when the stream does not exist.</param>
/// <param name="Recent">The last commands' records, newest last, at most 32; all of them while there are fewer.</param>
/// <param name="Tag">What the store needs to guard the next append; opaque, and null when the stream does not exist.</param>
public sealed record StreamHead<TState>(StreamId Stream, long Version, TState State, IReadOnlyList<CommandRecord> Recent, string? Tag)
{
    /// <summary>How many of the last commands' records a head carries.</summary>
    public const int RecentCapacity = 32;

    /// <summary>The command's record as far as the head knows; null when only the store can tell.</summary>
    /// <remarks>A record without events (a tombstone) is never among them, so "none" is never certain.</remarks>
    public CommandRecord? Find(string commandId) => Recent.LastOrDefault(record => record.CommandId == commandId);
}

/// <summary>How an append ended when nothing went wrong.</summary>
public abstract record AppendOutcome
{
    private AppendOutcome() { }

    /// <summary>Written, by this call or by an earlier try of it whose reply was lost.</summary>
    /// <param name="Commits">As many as were to be written, in their order.</param>
    public sealed record Appended(IReadOnlyList<Commit> Commits) : AppendOutcome
    {
        public Appended(Commit commit) : this([commit])
        {
        }

        public Commit Commit => Commits[^1];
    }

    /// <summary>Another writer was first: load again and decide again.</summary>
    public sealed record Conflict : AppendOutcome;

    /// <summary>The command has a record already: nothing was written.</summary>
    /// <param name="CommandId">The command, where the store can tell which of several it was.</param>
    public sealed record Duplicate(string? CommandId = null) : AppendOutcome;
}

/// <summary>
/// Streams of events. An append is all or nothing: events, state and the command's record. On the command path a store uses point
/// reads and one write, never a query.
/// </summary>
public interface IEventStore
{
    /// <summary>The head of a stream, from memory when this process knows it: an append checks that it is still the newest.</summary>
    /// <param name="likelyNew">The caller is about to create the stream: answer as if it did not exist, without asking.</param>
    ValueTask<StreamHead<TState>> LoadAsync<TState>(string id, bool likelyNew, CancellationToken cancellation)
        where TState : IAggregate<TState>;

    /// <summary>What this process remembers of a stream is read anew when it is next loaded: others may have changed it.</summary>
    void Forget(StreamId stream);

    /// <summary>Writes <paramref name="commit"/> if the stream is still at <paramref name="head"/> and the record in its expected state.</summary>
    /// <remarks>A do without events is guarded by the head as well; a tombstone, or that an effect begins, is guarded by its record alone.</remarks>
    /// <exception cref="CommitTooLargeException">It exceeds a limit of the store; nothing was sent.</exception>
    Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, NewCommit commit, CancellationToken cancellation)
        where TState : IAggregate<TState>;

    /// <summary>
    /// Writes <paramref name="commits"/> of different commands one after the other, all of them or none, in one request.
    /// </summary>
    /// <param name="commits">At least one, at most <see cref="NewCommit.MostTogether"/>.</param>
    /// <exception cref="CommitTooLargeException">They exceed a limit of the store; nothing was sent.</exception>
    Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, IReadOnlyList<NewCommit> commits, CancellationToken cancellation)
        where TState : IAggregate<TState>;

    /// <summary>The version of a stream as it is stored, whatever this process remembers; 0 when there is none. One point read.</summary>
    Task<long> FindVersionAsync(StreamId stream, CancellationToken cancellation);

    /// <summary>The record of a command, or null. One point read.</summary>
    Task<CommandRecord?> FindRecordAsync(StreamId stream, string commandId, CancellationToken cancellation);

    /// <summary>The commit that ended at <paramref name="lastVersion"/>, or null. One point read.</summary>
    Task<Commit?> FindCommitAsync<TState>(string id, long lastVersion, CancellationToken cancellation) where TState : IAggregate<TState>;

    /// <summary>The commits from <paramref name="fromVersion"/> on, in order.</summary>
    IAsyncEnumerable<Commit> ReadAsync<TState>(string id, long fromVersion, CancellationToken cancellation) where TState : IAggregate<TState>;
}

/// <summary>A commit, a state or an id that the store cannot hold. Nothing was sent.</summary>
public sealed class CommitTooLargeException(StreamId stream, string what, long actual, long limit)
    : Exception($"{what} of stream {stream} is {actual} and may be at most {limit}.")
{
    public StreamId Stream { get; } = stream;

    public string What { get; } = what;
}

using Atomic.EventSourcing;

namespace Atomic.Verification.Simulation;

/// <summary>A change of a record at a stream, with what it wrote: one entry of the ledger of effects.</summary>
public sealed record LedgerEntry(StreamId Stream, string Key, RecordState From, RecordState To, IReadOnlyList<IEvent> Events);

/// <summary>The effects of all that happened, in their order.</summary>
public sealed class Ledger
{
    private readonly List<LedgerEntry> _entries = [];

    public IReadOnlyList<LedgerEntry> Entries => _entries;

    /// <summary>Told of every entry.</summary>
    public Action<LedgerEntry> Added { get; set; } = _ => { };

    public void Add(LedgerEntry entry)
    {
        _entries.Add(entry);
        Added(entry);
    }
}

/// <summary>The event store in memory, each call a point at which others may run and the call may fail.</summary>
public sealed class SimulatedEventStore(IEventStore inner, Points points, Ledger ledger) : IEventStore
{
    /// <summary>Every append that was written, in order, by whichever process.</summary>
    public IReadOnlyList<LedgerEntry> Ledger => ledger.Entries;

    /// <summary>The stream as it stands, without passing a point.</summary>
    public TState StateOf<TState>(string id) where TState : IAggregate<TState> =>
        HeadOf<TState>(id).State;

    public CommandRecord? RecordOf(StreamId stream, string key) => inner.FindRecordAsync(stream, key, CancellationToken.None).Result;

    public async ValueTask<StreamHead<TState>> LoadAsync<TState>(string id, bool likelyNew, CancellationToken cancellation)
        where TState : IAggregate<TState> => likelyNew
        ? await inner.LoadAsync<TState>(id, likelyNew, cancellation)
        : await points.PassAsync($"load {TState.Category}:{id}", () => inner.LoadAsync<TState>(id, likelyNew, cancellation).AsTask());

    public void Forget(StreamId stream) => inner.Forget(stream);

    public Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, NewCommit commit, CancellationToken cancellation)
        where TState : IAggregate<TState> => AppendAsync(head, [commit], cancellation);

    public Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, IReadOnlyList<NewCommit> commits, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        var what = string.Join(", ", commits.Select(commit => $"{commit.CommandId} {commit.From}>{commit.To}"));
        return points.PassAsync($"append {head.Stream} {what}", async () =>
        {
            var outcome = await inner.AppendAsync(head, commits, cancellation);
            if (outcome is AppendOutcome.Appended)
                foreach (var commit in commits) ledger.Add(new LedgerEntry(head.Stream, commit.CommandId, commit.From, commit.To, commit.Events));
            return outcome;
        });
    }

    public Task<long> FindVersionAsync(StreamId stream, CancellationToken cancellation) =>
        points.PassAsync($"version {stream}", () => inner.FindVersionAsync(stream, cancellation));

    public Task<CommandRecord?> FindRecordAsync(StreamId stream, string commandId, CancellationToken cancellation) =>
        points.PassAsync($"record {stream} {commandId}", () => inner.FindRecordAsync(stream, commandId, cancellation));

    public Task<Commit?> FindCommitAsync<TState>(string id, long lastVersion, CancellationToken cancellation) where TState : IAggregate<TState> =>
        points.PassAsync($"commit {TState.Category}:{id}", () => inner.FindCommitAsync<TState>(id, lastVersion, cancellation));

    public IAsyncEnumerable<Commit> ReadAsync<TState>(string id, long fromVersion, CancellationToken cancellation) where TState : IAggregate<TState> =>
        inner.ReadAsync<TState>(id, fromVersion, cancellation);

    /// <summary>Writes a record before its command comes, so that the business has refused it already.</summary>
    public void Refuse(StreamId stream, string key, string reason)
    {
        var head = new StreamHead<NoState>(stream, 0, NoState.Initial, [], null);
        var commit = new NewCommit(key, RecordState.None, RecordState.Refused, [], reason, new EventContext(key, key));
        var outcome = inner.AppendAsync(head, commit, CancellationToken.None).GetAwaiter().GetResult();
        if (outcome is not AppendOutcome.Appended) throw new InvalidOperationException($"{key} has a record at {stream} already.");
    }

    // In memory there is nothing to wait for.
    private StreamHead<TState> HeadOf<TState>(string id) where TState : IAggregate<TState> =>
        inner.LoadAsync<TState>(id, likelyNew: false, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    private sealed record NoState : IAggregate<NoState>
    {
        public static string Category => "none";

        public static EventTypes Events { get; } = EventTypes.Of();

        public static NoState Initial { get; } = new();

        public NoState Evolve(IEvent e) => this;
    }
}

using System.Runtime.CompilerServices;
using System.Text.Json;
using Atomic.EventSourcing;

namespace Atomic.Verification.Storage;

/// <summary>
/// The event store's contract without I/O, for handler tests. Events pass through their stored form, so what cannot be stored
/// fails here as well. A stream that is said to be likely new is never looked up, so a wrong guess conflicts, as it does in storage.
/// </summary>
public sealed class InMemoryEventStore(TimeProvider time) : IEventStore, IStreamScan
{
    private readonly Lock _gate = new();
    private readonly Dictionary<StreamId, List<Commit>> _commits = [];
    private readonly Dictionary<StreamId, List<CommandRecord>> _recent = [];
    private readonly Dictionary<StreamId, int> _writes = [];
    private readonly Dictionary<(StreamId Stream, string CommandId), CommandRecord> _records = [];

    /// <summary>How often something was to be written.</summary>
    public int Appends { get; private set; }

    /// <summary>How often a head was asked for.</summary>
    public int Loads { get; private set; }

    /// <summary>How often events were read.</summary>
    public int Reads { get; private set; }

    /// <summary>A store that holds what another one does, and goes its own way from there.</summary>
    public static InMemoryEventStore CopyOf(InMemoryEventStore other, TimeProvider time)
    {
        var copy = new InMemoryEventStore(time);
        lock (other._gate)
        {
            foreach (var (stream, commits) in other._commits) copy._commits.Add(stream, [.. commits]);
            foreach (var (stream, recent) in other._recent) copy._recent.Add(stream, [.. recent]);
            foreach (var (stream, writes) in other._writes) copy._writes.Add(stream, writes);
            foreach (var (key, record) in other._records) copy._records.Add(key, record);
        }

        return copy;
    }

    /// <summary>What has been committed to <paramref name="stream"/>, oldest first.</summary>
    public IReadOnlyList<Commit> CommitsOf(StreamId stream)
    {
        lock (_gate) return [.. _commits.GetValueOrDefault(stream) ?? []];
    }

    /// <summary>Nothing is remembered beside what is stored.</summary>
    public void Forget(StreamId stream)
    {
    }

    public ValueTask<StreamHead<TState>> LoadAsync<TState>(string id, bool likelyNew, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        cancellation.ThrowIfCancellationRequested();
        var stream = new StreamId(TState.Category, id);
        lock (_gate)
        {
            if (!likelyNew) Loads++;
            if (likelyNew || !_commits.TryGetValue(stream, out var commits))
                return ValueTask.FromResult(new StreamHead<TState>(stream, 0, TState.Initial, [], null));
            var state = commits.SelectMany(commit => commit.Events).Aggregate(TState.Initial, (state, e) => state.Evolve(e.Data));
            return ValueTask.FromResult(new StreamHead<TState>(stream, VersionOf(stream), state, [.. _recent[stream]], TagOf(stream)));
        }
    }

    public Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, NewCommit commit, CancellationToken cancellation)
        where TState : IAggregate<TState> => AppendAsync(head, [commit], cancellation);

    public Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, IReadOnlyList<NewCommit> commits, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(commits.Count, NewCommit.MostTogether);
        lock (_gate)
        {
            Appends++;
            if (commits.FirstOrDefault(commit => StateOf(head.Stream, commit.CommandId) != commit.From) is { } duplicate)
                return Outcome(new AppendOutcome.Duplicate(duplicate.CommandId));
            var guarded = commits.Any(commit =>
                commit.Events.Count > 0 || commit.From != RecordState.None || (commit.To == RecordState.Done && head.Tag is not null));
            if (guarded && head.Tag != TagOf(head.Stream)) return Outcome(new AppendOutcome.Conflict());
            var written = Write(head, commits);
            if (guarded && _writes.TryGetValue(head.Stream, out var writes)) _writes[head.Stream] = writes + 1;
            return Outcome(new AppendOutcome.Appended(written));
        }
    }

    private List<Commit> Write<TState>(StreamHead<TState> head, IReadOnlyList<NewCommit> commits) where TState : IAggregate<TState>
    {
        var (version, written) = (head.Version, new List<Commit>());
        foreach (var commit in commits)
        {
            var recorded = new Commit(head.Stream, commit.CommandId, Recorded<TState>(head.Stream, version, commit));
            version += recorded.Events.Count;
            Remember(head.Stream, RecordAfter(_records.GetValueOrDefault((head.Stream, commit.CommandId)), commit, version), recorded);
            written.Add(recorded);
        }

        return written;
    }

    private RecordState StateOf(StreamId stream, string commandId) => _records.GetValueOrDefault((stream, commandId))?.State ?? RecordState.None;

    public Task<long> FindVersionAsync(StreamId stream, CancellationToken cancellation)
    {
        lock (_gate) return Task.FromResult(VersionOf(stream));
    }

    public Task<CommandRecord?> FindRecordAsync(StreamId stream, string commandId, CancellationToken cancellation)
    {
        lock (_gate) return Task.FromResult(_records.GetValueOrDefault((stream, commandId)));
    }

    public Task<Commit?> FindCommitAsync<TState>(string id, long lastVersion, CancellationToken cancellation)
        where TState : IAggregate<TState> =>
        Task.FromResult(CommitsOf(new StreamId(TState.Category, id)).FirstOrDefault(commit => commit.Events[^1].Version == lastVersion));

    public async IAsyncEnumerable<Commit> ReadAsync<TState>(
        string id, long fromVersion, [EnumeratorCancellation] CancellationToken cancellation) where TState : IAggregate<TState>
    {
        await Task.CompletedTask;
        Reads++;
        foreach (var commit in CommitsOf(new StreamId(TState.Category, id)).Where(commit => commit.Events[^1].Version >= fromVersion))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return commit;
        }
    }

    public async IAsyncEnumerable<Scanned> ScanAsync<TState>(int from, int to, [EnumeratorCancellation] CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        List<StreamId> streams;
        lock (_gate) streams = [.. _commits.Keys.Where(stream => stream.Category == TState.Category && RangeOf(stream) >= from && RangeOf(stream) < to)];
        foreach (var stream in streams)
        {
            // Commits that come while a stream is read may be among them or not.
            await foreach (var commit in ReadAsync<TState>(stream.Id, 1, cancellation)) yield return new Scanned(stream, commit, null);
        }
    }

    private static int RangeOf(StreamId stream) => stream.Id.Aggregate(7, (hash, c) => ((hash * 31) + c) & 0xFF);

    private static Task<AppendOutcome> Outcome(AppendOutcome outcome) => Task.FromResult(outcome);

    private long VersionOf(StreamId stream) => _commits.TryGetValue(stream, out var commits) ? commits[^1].Events[^1].Version : 0;

    private string? TagOf(StreamId stream) => _writes.TryGetValue(stream, out var writes) ? $"{writes}" : null;

    private List<RecordedEvent> Recorded<TState>(StreamId stream, long version, NewCommit commit) where TState : IAggregate<TState>
    {
        var at = time.GetUtcNow();
        return [.. commit.Events.Select((e, index) =>
        {
            var type = TState.Events.NameOf(e);
            var stored = TState.Events.Read(type, JsonSerializer.SerializeToElement(e, e.GetType(), StorageJson.Options));
            return new RecordedEvent(stream, version + index + 1, type, stored, commit.Context, at);
        })];
    }

    private static CommandRecord RecordAfter(CommandRecord? before, NewCommit commit, long version)
    {
        var record = before ?? new CommandRecord(commit.CommandId, RecordState.None, 0, 0, null);
        record = record with { State = commit.To, Reason = commit.Reason ?? record.Reason };
        if (commit.Events.Count == 0) return record;
        return commit.To == RecordState.Undone ? record with { UndoVersion = version } : record with { DoVersion = version };
    }

    private void Remember(StreamId stream, CommandRecord record, Commit written)
    {
        _records[(stream, record.CommandId)] = record;
        var known = _recent.TryGetValue(stream, out var recent) && recent.RemoveAll(other => other.CommandId == record.CommandId) > 0;
        if (written.Events.Count == 0 && !known) return;
        recent = _recent[stream] = [.. (recent ?? []).TakeLast(StreamHead<NoState>.RecentCapacity - 1), record];
        _writes.TryAdd(stream, 0);
        if (written.Events.Count == 0) return;
        if (!_commits.TryGetValue(stream, out var commits)) _commits[stream] = commits = [];
        commits.Add(written);
    }

    private sealed record NoState;
}

using Atomic.EventSourcing;
using Xunit;

namespace Atomic.Testing.EventStore;

/// <summary>What every event store does. Each test has streams of its own, so that one store may serve them all.</summary>
public abstract partial class EventStoreContract
{
    protected static readonly EventContext Context = new("correlation", "causation", "00-trace-span-01", "actor");

    /// <summary>Stores on the same data, as two processes have them: what one knows from memory, the other does not.</summary>
    protected abstract Task<(IEventStore Here, IEventStore Elsewhere)> StoresAsync();

    protected static string NewId() => $"t-{Guid.NewGuid():N}";

    protected static StreamId StreamOf(string id) => new(Tally.Category, id);

    protected static NewCommit Do(string command, params IEvent[] events) =>
        new(command, RecordState.None, RecordState.Done, events, null, Context);

    protected static NewCommit Undo(string command, RecordState from, params IEvent[] events) =>
        new(command, from, RecordState.Undone, events, null, Context);

    protected static async Task<StreamHead<Tally>> LoadAsync(IEventStore store, string id) =>
        await store.LoadAsync<Tally>(id, likelyNew: false, CancellationToken.None);

    /// <summary>Loads and appends.</summary>
    protected static async Task<AppendOutcome> WriteAsync(IEventStore store, string id, NewCommit commit) =>
        await store.AppendAsync(await LoadAsync(store, id), commit, CancellationToken.None);

    protected static Task<AppendOutcome> AppendAsync(IEventStore store, StreamHead<Tally> head, NewCommit commit) =>
        store.AppendAsync(head, commit, CancellationToken.None);

    protected static async Task<Commit> AppendedAsync(IEventStore store, string id, NewCommit commit) =>
        Assert.IsType<AppendOutcome.Appended>(await WriteAsync(store, id, commit)).Commit;

    protected static Task<CommandRecord?> RecordAsync(IEventStore store, string id, string command) =>
        store.FindRecordAsync(StreamOf(id), command, CancellationToken.None);

    protected static async Task<List<Commit>> ReadAsync(IEventStore store, string id, long from)
    {
        var commits = new List<Commit>();
        await foreach (var commit in store.ReadAsync<Tally>(id, from, CancellationToken.None)) commits.Add(commit);
        return commits;
    }

    protected static void AssertSame(Commit expected, Commit? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal((expected.Stream, expected.CommandId), (actual.Stream, actual.CommandId));
        Assert.Equal(expected.Events, actual.Events);
    }
}

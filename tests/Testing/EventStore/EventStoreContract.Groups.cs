using Atomic.EventSourcing;
using Xunit;

namespace Atomic.Testing.EventStore;

public abstract partial class EventStoreContract
{
    [Fact]
    public async Task Append_SeveralCommits_IsOneWriteAndACommitEach()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();
        await AppendedAsync(here, id, Do("first", new Counted(1)));
        NewCommit refusal = new("no", RecordState.None, RecordState.Refused, [new CountRefused("no")], "no", Context);

        var written = await TogetherAsync(here, id, Do("a", new Counted(2), new Counted(3)), refusal, Do("nothing"), Undo("first", RecordState.Done, new Counted(-1)), Undo("late", RecordState.None));

        Assert.Equal(["a", "no", "nothing", "first", "late"], written.Select(commit => commit.CommandId));
        Assert.Equal([2L, 3L, 4L, 5L], written.SelectMany(commit => commit.Events).Select(e => e.Version));
        foreach (var store in new[] { here, elsewhere })
        {
            var head = await LoadAsync(store, id);
            Assert.Equal((5, new Tally(5, 4, "")), (head.Version, head.State));
            Assert.Equal(["a", "no", "first"], head.Recent.Select(record => record.CommandId));
            Assert.Equal(new CommandRecord("a", RecordState.Done, 3, 0, null), await RecordAsync(store, id, "a"));
            Assert.Equal(new CommandRecord("no", RecordState.Refused, 4, 0, "no"), await RecordAsync(store, id, "no"));
            Assert.Equal(new CommandRecord("nothing", RecordState.Done, 0, 0, null), await RecordAsync(store, id, "nothing"));
            Assert.Equal(new CommandRecord("first", RecordState.Undone, 1, 5, null), await RecordAsync(store, id, "first"));
            Assert.Equal(new CommandRecord("late", RecordState.Undone, 0, 0, null), await RecordAsync(store, id, "late"));
            AssertSame(written[0], await store.FindCommitAsync<Tally>(id, 3, CancellationToken.None));
        }

        await AppendedAsync(elsewhere, id, Do("b", new Counted(1)));
    }

    [Fact]
    public async Task Append_AsManyCommitsAsGoTogether_KeepsTheRecordsOfTheLast()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();

        await TogetherAsync(here, id, [.. Enumerable.Range(1, NewCommit.MostTogether).Select(i => Do($"c{i}", new Counted(1)))]);

        var head = await LoadAsync(elsewhere, id);
        Assert.Equal((NewCommit.MostTogether, NewCommit.MostTogether), (head.Version, head.State.Sum));
        Assert.Equal(Enumerable.Range(NewCommit.MostTogether - 31, 32).Select(i => $"c{i}"), head.Recent.Select(record => record.CommandId));
        Assert.Equal(1, (await RecordAsync(elsewhere, id, "c1"))!.DoVersion);
        Assert.Equal(NewCommit.MostTogether, (await ReadAsync(elsewhere, id, 1)).Count);
    }

    [Fact]
    public async Task Append_SeveralCommitsOfWhichOneIsADuplicate_WritesNoneAndNamesIt()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();
        for (var i = 0; i <= StreamHead<Tally>.RecentCapacity; i++) await AppendedAsync(here, id, Do($"c{i}", new Counted(1)));
        var head = await LoadAsync(elsewhere, id);

        var old = await elsewhere.AppendAsync(head, [Do("new", new Counted(1)), Do("c0", new Counted(1))], CancellationToken.None);
        var recent = await elsewhere.AppendAsync(head, [Do("new", new Counted(1)), Do("c9", new Counted(1))], CancellationToken.None);
        var undone = await elsewhere.AppendAsync(head, [Do("new", new Counted(1)), Undo("never", RecordState.Done)], CancellationToken.None);

        Assert.Equal(["c0", "c9", "never"], new[] { old, recent, undone }.Select(outcome => Assert.IsType<AppendOutcome.Duplicate>(outcome).CommandId));
        Assert.Null(await RecordAsync(here, id, "new"));
    }

    [Fact]
    public async Task Append_SeveralCommitsToAStaleHead_IsAConflictAndWritesNone()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();
        var stale = await LoadAsync(elsewhere, id);
        await AppendedAsync(here, id, Do("a", new Counted(1)));

        Assert.IsType<AppendOutcome.Conflict>(await elsewhere.AppendAsync(stale, [Do("b", new Counted(1)), Undo("t", RecordState.None)], CancellationToken.None));

        Assert.Null(await RecordAsync(here, id, "t"));
    }

    [Fact]
    public async Task Append_SeveralRecordsAlone_LeavesTheStreamAsItIs()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();

        await TogetherAsync(here, id, Undo("t1", RecordState.None), Undo("t2", RecordState.None), Do("nothing"));

        Assert.Equal(0, (await LoadAsync(elsewhere, id)).Version);
        Assert.Equal(RecordState.Undone, (await RecordAsync(elsewhere, id, "t2"))!.State);
        var outcome = await elsewhere.AppendAsync(await LoadAsync(elsewhere, id), [Undo("t3", RecordState.None), Undo("t2", RecordState.None)], CancellationToken.None);
        Assert.Equal("t2", Assert.IsType<AppendOutcome.Duplicate>(outcome).CommandId);
        Assert.Null(await RecordAsync(here, id, "t3"));
    }

    private static async Task<IReadOnlyList<Commit>> TogetherAsync(IEventStore store, string id, params NewCommit[] commits) =>
        Assert.IsType<AppendOutcome.Appended>(await store.AppendAsync(await LoadAsync(store, id), commits, CancellationToken.None)).Commits;
}

using Atomic.EventSourcing;
using Xunit;

namespace Atomic.Testing.EventStore;

public abstract partial class EventStoreContract
{
    [Fact]
    public async Task Append_SameCommandAgain_IsADuplicate()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();
        await AppendedAsync(here, id, Do("a", new Counted(1)));

        Assert.IsType<AppendOutcome.Duplicate>(await WriteAsync(here, id, Do("a", new Counted(1))));
        Assert.IsType<AppendOutcome.Duplicate>(await WriteAsync(elsewhere, id, Do("a", new Counted(1))));

        Assert.Equal(1, (await LoadAsync(here, id)).Version);
    }

    [Fact]
    public async Task Append_CommandOlderThanTheHeadRemembers_IsADuplicate()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();
        for (var i = 0; i <= StreamHead<Tally>.RecentCapacity; i++) await AppendedAsync(here, id, Do($"c{i}", new Counted(1)));

        var head = await LoadAsync(elsewhere, id);

        Assert.Equal(StreamHead<Tally>.RecentCapacity, head.Recent.Count);
        Assert.Null(head.Find("c0"));
        Assert.NotNull(head.Find("c1"));
        Assert.IsType<AppendOutcome.Duplicate>(await AppendAsync(elsewhere, head, Do("c0", new Counted(1))));
        Assert.Equal(new CommandRecord("c0", RecordState.Done, 1, 0, null), await RecordAsync(elsewhere, id, "c0"));
    }

    [Fact]
    public async Task Append_Refusal_KeepsItsReason()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();
        var refusal = new NewCommit("a", RecordState.None, RecordState.Refused, [new CountRefused("no")], "no", Context);

        await AppendedAsync(here, id, refusal);

        var expected = new CommandRecord("a", RecordState.Refused, 1, 0, "no");
        Assert.Equal(expected, await RecordAsync(elsewhere, id, "a"));
        Assert.Equal(expected, (await LoadAsync(elsewhere, id)).Find("a"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tombstone_LeavesTheStreamAsItIs_AndIsFoundByTheLateCommand(bool exists)
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();
        if (exists) await AppendedAsync(here, id, Do("a", new Counted(1)));
        var before = await LoadAsync(elsewhere, id);

        var tombstone = await AppendedAsync(here, id, Undo("late", RecordState.None));

        Assert.Empty(tombstone.Events);
        Assert.Equal(new CommandRecord("late", RecordState.Undone, 0, 0, null), await RecordAsync(elsewhere, id, "late"));
        Assert.IsType<AppendOutcome.Duplicate>(await AppendAsync(elsewhere, before, Do("late", new Counted(1))));
        Assert.IsType<AppendOutcome.Duplicate>(await WriteAsync(here, id, Undo("late", RecordState.None)));
        await AppendedAsync(elsewhere, id, Do("b", new Counted(1)));
        Assert.Equal(exists ? 2 : 1, (await LoadAsync(elsewhere, id)).Version);
    }

    [Fact]
    public async Task Tombstone_AfterTheCommand_IsADuplicate()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();
        var before = await LoadAsync(elsewhere, id);
        await AppendedAsync(here, id, Do("a", new Counted(1)));

        Assert.IsType<AppendOutcome.Duplicate>(await AppendAsync(elsewhere, before, Undo("a", RecordState.None)));

        Assert.Equal(RecordState.Done, (await RecordAsync(here, id, "a"))!.State);
    }

    [Fact]
    public async Task Undo_ReplacesTheRecord_AndKeepsBothVersions()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();
        await AppendedAsync(here, id, Do("a", new Counted(5)));

        await AppendedAsync(elsewhere, id, Undo("a", RecordState.Done, new Counted(-5)));

        var expected = new CommandRecord("a", RecordState.Undone, 1, 2, null);
        var head = await LoadAsync(elsewhere, id);
        Assert.Equal((2, 0), (head.Version, head.State.Sum));
        Assert.Equal(expected, Assert.Single(head.Recent));
        Assert.Equal(expected, await RecordAsync(here, id, "a"));
        Assert.IsType<AppendOutcome.Duplicate>(await WriteAsync(elsewhere, id, Undo("a", RecordState.Done, new Counted(-5))));
    }

    [Fact]
    public async Task Do_WithoutEvents_IsGuardedByTheHead()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();
        await AppendedAsync(elsewhere, id, Do("a", new Counted(5)));
        var stale = await LoadAsync(elsewhere, id);
        await AppendedAsync(here, id, Do("b", new Counted(1)));

        Assert.IsType<AppendOutcome.Conflict>(await AppendAsync(elsewhere, stale, Do("nothing")));
        Assert.Null(await RecordAsync(here, id, "nothing"));
        var current = await LoadAsync(elsewhere, id);
        await AppendedAsync(elsewhere, id, Do("nothing"));

        Assert.Equal((2, 6), (current.Version, current.State.Sum));
        Assert.Equal(new CommandRecord("nothing", RecordState.Done, 0, 0, null), await RecordAsync(here, id, "nothing"));
        Assert.IsType<AppendOutcome.Conflict>(await AppendAsync(here, current, Do("c", new Counted(1))));
        await AppendedAsync(elsewhere, id, Do("c", new Counted(1)));
        Assert.Equal((3, 7), ((await LoadAsync(elsewhere, id)).Version, (await LoadAsync(elsewhere, id)).State.Sum));
    }

    [Fact]
    public async Task Undo_WithoutEvents_IsGuardedByTheHead()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();
        await AppendedAsync(here, id, Do("a", new Counted(5)));
        var stale = await LoadAsync(elsewhere, id);
        await AppendedAsync(here, id, Do("b", new Counted(1)));

        Assert.IsType<AppendOutcome.Conflict>(await AppendAsync(elsewhere, stale, Undo("a", RecordState.Done)));
        await AppendedAsync(elsewhere, id, Undo("a", RecordState.Done));

        var head = await LoadAsync(elsewhere, id);
        Assert.Equal((2, 6), (head.Version, head.State.Sum));
        Assert.Equal(new CommandRecord("a", RecordState.Undone, 1, 0, null), head.Find("a"));
        Assert.Equal(head.Find("a"), await RecordAsync(here, id, "a"));
        await AppendedAsync(elsewhere, id, Do("c", new Counted(1)));
    }

    [Fact]
    public async Task Undo_OfACommandOlderThanTheHeadRemembers_HappensOnce()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();
        for (var i = 0; i <= StreamHead<Tally>.RecentCapacity; i++) await AppendedAsync(here, id, Do($"c{i}", new Counted(1)));
        var head = await LoadAsync(elsewhere, id);

        Assert.IsType<AppendOutcome.Appended>(await AppendAsync(here, head, Undo("c0", RecordState.Done, new Counted(-1))));

        Assert.IsType<AppendOutcome.Duplicate>(await AppendAsync(elsewhere, head, Undo("c0", RecordState.Done, new Counted(-1))));
        Assert.Equal(new CommandRecord("c0", RecordState.Undone, 1, 34, null), await RecordAsync(elsewhere, id, "c0"));
    }

    [Fact]
    public async Task Undo_OfWhatWasNeverDone_IsADuplicate()
    {
        var (here, _) = await StoresAsync();
        var id = NewId();
        await AppendedAsync(here, id, Do("a", new Counted(1)));

        Assert.IsType<AppendOutcome.Duplicate>(await WriteAsync(here, id, Undo("b", RecordState.Done, new Counted(-1))));

        Assert.Null(await RecordAsync(here, id, "b"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Undo_OfACommandThatWroteNoEvents_OnAStreamThatIsNotThere(bool writes)
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();
        await AppendedAsync(here, id, Do("a"));
        IEvent[] events = writes ? [new Counted(-1)] : [];

        await AppendedAsync(elsewhere, id, Undo("a", RecordState.Done, events));

        Assert.Equal(new CommandRecord("a", RecordState.Undone, 0, events.Length, null), await RecordAsync(here, id, "a"));
        Assert.Equal(events.Length, (await LoadAsync(elsewhere, id)).Version);
        Assert.IsType<AppendOutcome.Duplicate>(await WriteAsync(elsewhere, id, Undo("a", RecordState.Done, events)));
    }
}

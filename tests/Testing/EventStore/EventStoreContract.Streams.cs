using Atomic.EventSourcing;
using Xunit;

namespace Atomic.Testing.EventStore;

public abstract partial class EventStoreContract
{
    [Fact]
    public async Task Load_UnknownStream_IsItsBeginning()
    {
        var (here, _) = await StoresAsync();

        var head = await LoadAsync(here, NewId());

        Assert.Equal((0, Tally.Initial, null), (head.Version, head.State, head.Tag));
        Assert.Empty(head.Recent);
        Assert.Empty(await ReadAsync(here, head.Stream.Id, 1));
        Assert.Null(await here.FindCommitAsync<Tally>(head.Stream.Id, 1, CancellationToken.None));
        Assert.Null(await RecordAsync(here, head.Stream.Id, "c"));
    }

    [Fact]
    public async Task FindVersion_WrittenElsewhereWhileRemembered_IsAsStored()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();
        Assert.Equal(0, await here.FindVersionAsync(StreamOf(id), CancellationToken.None));
        await AppendedAsync(here, id, Do("a", new Counted(1)));

        await AppendedAsync(elsewhere, id, Do("b", new Counted(2), new Counted(3)));

        Assert.Equal(3, await here.FindVersionAsync(StreamOf(id), CancellationToken.None));
    }

    [Fact]
    public async Task Append_SeveralEvents_IsOneCommitWithDenseVersions()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();

        var first = await AppendedAsync(here, id, Do("a", new Counted(1), new Counted(2)));
        var second = await AppendedAsync(here, id, Do("b", new Counted(3, "ä 'quoted' \"text\" </>")));

        Assert.Equal([1L, 2L, 3L], first.Events.Concat(second.Events).Select(e => e.Version));
        Assert.All(first.Events, e => Assert.Equal(("Counted.v1", Context, StreamOf(id)), (e.Type, e.Context, e.Stream)));
        AssertSame(first, await elsewhere.FindCommitAsync<Tally>(id, 2, CancellationToken.None));
        AssertSame(second, await elsewhere.FindCommitAsync<Tally>(id, 3, CancellationToken.None));
        var read = await ReadAsync(elsewhere, id, 1);
        Assert.Equal(2, read.Count);
        AssertSame(first, read[0]);
        AssertSame(second, read[1]);
    }

    [Fact]
    public async Task Append_IsFoundByEveryStore()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();
        await AppendedAsync(here, id, Do("a", new Counted(1)));
        await AppendedAsync(here, id, Do("b", new Counted(2, "note")));

        foreach (var store in new[] { here, elsewhere })
        {
            var head = await LoadAsync(store, id);
            Assert.Equal((2, new Tally(3, 2, "note")), (head.Version, head.State));
            Assert.Equal(["a", "b"], head.Recent.Select(record => record.CommandId));
            Assert.Equal(new CommandRecord("b", RecordState.Done, 2, 0, null), head.Find("b"));
            Assert.Equal(new CommandRecord("a", RecordState.Done, 1, 0, null), await RecordAsync(store, id, "a"));
        }
    }

    [Fact]
    public async Task Append_StaleHead_IsAConflictAndWritesNothing()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();
        await AppendedAsync(here, id, Do("a", new Counted(1)));
        var stale = await LoadAsync(elsewhere, id);
        await AppendedAsync(here, id, Do("b", new Counted(1)));

        Assert.IsType<AppendOutcome.Conflict>(await AppendAsync(elsewhere, stale, Do("c", new Counted(1))));

        Assert.Null(await RecordAsync(elsewhere, id, "c"));
        Assert.Equal(2, (await LoadAsync(elsewhere, id)).Version);
        await AppendedAsync(elsewhere, id, Do("c", new Counted(1)));
        Assert.Equal([1L, 2L, 3L], (await ReadAsync(here, id, 1)).SelectMany(commit => commit.Events).Select(e => e.Version));
    }

    [Fact]
    public async Task Append_WronglyTakenForNew_IsAConflict()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();
        await AppendedAsync(here, id, Do("a", new Counted(1)));

        var guess = await elsewhere.LoadAsync<Tally>(id, likelyNew: true, CancellationToken.None);

        Assert.Equal(0, guess.Version);
        Assert.IsType<AppendOutcome.Conflict>(await AppendAsync(elsewhere, guess, Do("b", new Counted(1))));
        Assert.Equal(1, (await LoadAsync(elsewhere, id)).State.Sum);
    }

    [Fact]
    public async Task Append_EventOfAnotherAggregate_IsRefused()
    {
        var (here, _) = await StoresAsync();
        var id = NewId();

        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(here, id, Do("a", new Foreign())));

        Assert.Equal(0, (await LoadAsync(here, id)).Version);
    }

    [Fact]
    public async Task Read_FromInsideACommit_ReturnsItWhole()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();
        await AppendedAsync(here, id, Do("a", new Counted(1)));
        var second = await AppendedAsync(here, id, Do("b", new Counted(2), new Counted(3), new Counted(4)));
        await AppendedAsync(here, id, Do("c", new Counted(5)));

        var read = await ReadAsync(elsewhere, id, 3);

        Assert.Equal(["b", "c"], read.Select(commit => commit.CommandId));
        AssertSame(second, read[0]);
        Assert.Null(await elsewhere.FindCommitAsync<Tally>(id, 3, CancellationToken.None));
        Assert.Empty(await ReadAsync(elsewhere, id, 6));
    }

    [Theory]
    [InlineData("a/b", "a=002Fb", "a\\b")]
    [InlineData("a#b", "a?b", "a%23b")]
    [InlineData("a'b", "a''b", "a b")]
    [InlineData("ä", "a\u0308", "日本")]
    [InlineData("A", "a", "a\u007f\t")]
    public async Task Ids_ThatLookAlike_AreStreamsAndCommandsOfTheirOwn(params string[] ids)
    {
        var (here, elsewhere) = await StoresAsync();
        var prefix = NewId();
        foreach (var (id, index) in ids.Select((id, index) => (id, index)))
            await AppendedAsync(here, prefix + id, Do(id, new Counted(index), new Counted(1)));

        foreach (var (id, index) in ids.Select((id, index) => (id, index)))
        {
            Assert.Equal(index + 1, (await LoadAsync(elsewhere, prefix + id)).State.Sum);
            Assert.Equal(StreamOf(prefix + id), Assert.Single(await ReadAsync(elsewhere, prefix + id, 1)).Stream);
            foreach (var command in ids) Assert.Equal(command == id, await RecordAsync(elsewhere, prefix + id, command) is not null);
        }
    }

    [Fact]
    public async Task TwentyWriters_OnOneStream_LoseNothing()
    {
        var (here, elsewhere) = await StoresAsync();
        var id = NewId();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(writer => Task.Run(async () =>
        {
            var store = writer % 2 == 0 ? here : elsewhere;
            while (await WriteAsync(store, id, Do($"w{writer}", new Counted(writer))) is not AppendOutcome.Appended) { }
        })));

        var events = (await ReadAsync(here, id, 1)).SelectMany(commit => commit.Events).ToList();
        Assert.Equal(Enumerable.Range(1, 20).Select(version => (long)version), events.Select(e => e.Version));
        Assert.Equal(Enumerable.Range(0, 20), events.Select(e => ((Counted)e.Data).By).Order());
        Assert.Equal(190, (await AppendedHeadAsync(here, id)).State.Sum);
    }

    /// <summary>The head as it is stored: a store may know an older one from memory until it next appends.</summary>
    private static async Task<StreamHead<Tally>> AppendedHeadAsync(IEventStore store, string id)
    {
        while (await WriteAsync(store, id, Do(NewId(), new Counted(0))) is not AppendOutcome.Appended) { }
        return await LoadAsync(store, id);
    }

    private sealed record Foreign : IEvent;
}

using Atomic.EventSourcing;
using Xunit;

namespace Atomic.Testing.EventStore;

public abstract partial class ReadModelContract
{
    [Fact]
    public async Task WriteTogether_RowsOfAFolder_AreAllWrittenOrNone()
    {
        var (here, elsewhere) = await StoresAsync();
        Assert.Null(await TogetherAsync(here, New("f", "summary"), New("f|1", "one"), New("f|2", "two")));

        var (summary, one) = ((await FindAsync(here, "f", fresh: false))!, (await FindAsync(here, "f|1", fresh: false))!);
        Assert.Null(await TogetherAsync(here, summary with { Data = new View("changed", 2) }, one with { Data = new View("changed too", 2) }, New("f|3", "three")));
        var stale = await TogetherAsync(elsewhere, (await FindAsync(elsewhere, "f"))! with { Data = new View("lost", 3) }, one with { Data = new View("lost", 3) });
        var there = await TogetherAsync(elsewhere, New("f|4", "lost"), New("f|3", "lost"));

        Assert.Equal(("f|1", "f|3"), (stale, there));
        Assert.Equal(("changed", "changed too"), ((await FindAsync(elsewhere, "f"))!.Data.Name, (await FindAsync(here, "f|1", fresh: false))!.Data.Name));
        Assert.Null(await FindAsync(elsewhere, "f|4"));
    }

    [Fact]
    public async Task ListFolder_PageByPage_ReturnsItsItemsInOrderAndNoOthers()
    {
        var (here, elsewhere) = await StoresAsync();
        await TogetherAsync(here, [New("f", "summary"), .. Enumerable.Range(1, 7).Select(i => New($"f|{i}", $"{i}"))]);
        await TogetherAsync(here, New("f2", "other"), New("f2|1", "other"));
        await TogetherAsync(here, New("F|1", "other"));

        var first = await elsewhere.ListFolderAsync<View>(_table, "f", 4, null, CancellationToken.None);
        var second = await elsewhere.ListFolderAsync<View>(_table, "f", 4, first.Continuation, CancellationToken.None);

        Assert.Equal(["1", "2", "3", "4"], first.Items.Select(row => row.Data.Name));
        Assert.Equal(["5", "6", "7"], second.Items.Select(row => row.Data.Name));
        Assert.Null(second.Continuation);
        Assert.Empty((await here.ListFolderAsync<View>(_table, "none", 4, null, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task ListFolder_Slice_ReturnsTheItemsBetweenItsBoundsThatHaveItsColumns()
    {
        var (here, elsewhere) = await StoresAsync();
        var rows = Enumerable.Range(1, 6).Select(i => Write(New($"f|{i}", $"{i}"), new() { ["Odd"] = i % 2 == 1 ? "yes" : "no" })).ToList();
        Assert.Null(await here.WriteTogetherAsync(_table, rows, CancellationToken.None));

        var slice = new FolderSlice("f", From: "2", Before: "6", new Dictionary<string, string> { ["Odd"] = "yes" });
        var page = await elsewhere.ListFolderAsync<View>(_table, slice, 10, null, CancellationToken.None);

        Assert.Equal(["3", "5"], page.Items.Select(row => row.Data.Name));
    }

    [Fact]
    public async Task WriteTogether_RowsThatArePutAndDeleted_AreSoWhateverIsThere()
    {
        var (here, elsewhere) = await StoresAsync();
        var put = Write(New("f|mark", "marked")) with { Kind = WriteKind.Put };
        Assert.Null(await here.WriteTogetherAsync(_table, [Write(New("f|1", "one")), put], CancellationToken.None));
        Assert.Null(await elsewhere.WriteTogetherAsync(_table, [put], CancellationToken.None));

        var one = (await FindAsync(elsewhere, "f|1"))! with { Data = new View("changed", 2) };
        var gone = put with { Kind = WriteKind.Delete };
        Assert.Null(await elsewhere.WriteTogetherAsync(_table, [Write(one), gone], CancellationToken.None));
        var again = await here.WriteTogetherAsync(_table, [gone], CancellationToken.None);

        Assert.Equal("f|mark", again);
        Assert.Null(await FindAsync(here, "f|mark"));
        Assert.Null(await FindAsync(elsewhere, "f|mark", fresh: false));
        Assert.Equal("changed", (await FindAsync(here, "f|1"))!.Data.Name);
    }

    [Fact]
    public async Task Insert_ManyRows_LeavesThoseThatAreThere()
    {
        var (here, elsewhere) = await StoresAsync();
        foreach (var i in new[] { 7, 70, 170 }) await WriteAsync(here, New($"{i}", "there"));
        await TogetherAsync(here, New("f|1", "there"));

        var there = await elsewhere.InsertAsync(
            _table, [.. Enumerable.Range(0, 250).Select(i => Write(New($"{i}", "new"))), Write(New("f|1", "new"), null)], CancellationToken.None);

        Assert.Equal(["170", "7", "70", "f|1"], there.Order(StringComparer.Ordinal));
        Assert.Equal("there", (await FindAsync(here, "70"))!.Data.Name);
        Assert.Equal(("new", 1), ((await FindAsync(here, "249"))!.Data.Name, (await FindAsync(here, "249"))!.Applied["s"]));
    }

    [Fact]
    public async Task Write_RowThatStandsStill_KeepsItsReasonUntilItGoesOn()
    {
        var (here, elsewhere) = await StoresAsync();
        var blocked = new Blocked("a:1@4", "It cannot be taken.", new DateTimeOffset(2030, 1, 31, 12, 0, 0, TimeSpan.Zero));
        await WriteAsync(here, New("r", "x") with { Blocked = blocked });

        Assert.Equal(blocked, (await FindAsync(elsewhere, "r"))!.Blocked);
        Assert.Equal(blocked, (await FindAsync(here, "r", fresh: false))!.Blocked);

        await WriteAsync(here, (await FindAsync(here, "r"))! with { Blocked = null });
        Assert.Null((await FindAsync(elsewhere, "r"))!.Blocked);
    }

    private Task<string?> TogetherAsync(IReadModelStore store, params Row<View>[] rows) =>
        store.WriteTogetherAsync(_table, [.. rows.Select(row => Write(row))], CancellationToken.None);

    private static RowWrite Write(Row<View> row, Dictionary<string, string>? columns = null) => RowWrite.Of(row, columns ?? NoColumns);
}

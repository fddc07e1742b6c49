using Atomic.EventSourcing;
using Xunit;

namespace Atomic.Testing.EventStore;

/// <summary>What every store of read models does. Each test has a table of its own.</summary>
public abstract partial class ReadModelContract
{
    private static readonly Dictionary<string, string> NoColumns = [];

    private readonly string _table = $"read{Guid.NewGuid():N}";

    /// <summary>Stores on the same data, as two processes have them: what one knows from memory, the other does not.</summary>
    protected abstract Task<(IReadModelStore Here, IReadModelStore Elsewhere)> StoresAsync();

    [Fact]
    public async Task Find_UnknownRow_IsNull()
    {
        var (here, _) = await StoresAsync();

        Assert.Null(await FindAsync(here, "nothing"));
        Assert.Empty((await ListAsync(here, NoColumns, 10)).Items);
    }

    [Fact]
    public async Task Write_NewRow_IsFoundByEveryStore()
    {
        var (here, elsewhere) = await StoresAsync();
        var row = new Row<View>("r", new View("tea", 12.50m), new Dictionary<string, long> { ["a:1"] = 3, ["b:2"] = 7 }, null);

        Assert.True(await WriteAsync(here, row));

        foreach (var (store, fresh) in new[] { (here, false), (here, true), (elsewhere, false) })
        {
            var found = await FindAsync(store, "r", fresh);
            Assert.Equal((row.Key, row.Data), (found!.Key, found.Data));
            Assert.Equal(row.Applied, found.Applied);
            Assert.NotNull(found.Tag);
        }
    }

    [Fact]
    public async Task Write_NewRowThatIsThereAlready_IsFalse()
    {
        var (here, elsewhere) = await StoresAsync();
        await WriteAsync(here, New("r", "first"));

        Assert.False(await WriteAsync(elsewhere, New("r", "second")));

        Assert.Equal("first", (await FindAsync(here, "r"))!.Data.Name);
    }

    [Fact]
    public async Task Write_StaleRow_IsFalseAndWritesNothing()
    {
        var (here, elsewhere) = await StoresAsync();
        await WriteAsync(here, New("r", "first"));
        var stale = await FindAsync(elsewhere, "r");
        Assert.True(await WriteAsync(here, (await FindAsync(here, "r", fresh: false))! with { Data = new View("second", 2) }));

        Assert.False(await WriteAsync(elsewhere, stale! with { Data = new View("lost", 3) }));

        Assert.Equal("second", (await FindAsync(elsewhere, "r"))!.Data.Name);
        Assert.True(await WriteAsync(elsewhere, (await FindAsync(elsewhere, "r"))! with { Data = new View("third", 3) }));
        Assert.Equal("third", (await FindAsync(here, "r"))!.Data.Name);
    }

    [Fact]
    public async Task Write_LargeRow_IsFoundWhole()
    {
        var (here, elsewhere) = await StoresAsync();
        var name = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i:x}"));

        Assert.True(await WriteAsync(here, New("r", name)));

        Assert.Equal(name, (await FindAsync(elsewhere, "r"))!.Data.Name);
    }

    [Fact]
    public async Task Keys_ThatLookAlike_AreRowsOfTheirOwn()
    {
        var (here, elsewhere) = await StoresAsync();
        string[] keys = ["a/b", "a=002Fb", "a#b", "a?b", "a b", "a'b", "ä", "A/B"];
        foreach (var key in keys) Assert.True(await WriteAsync(here, New(key, key)));

        foreach (var key in keys)
        {
            var found = await FindAsync(elsewhere, key);
            Assert.Equal((key, key), (found!.Key, found.Data.Name));
        }

        Assert.Equal(keys.Order(), (await ListAsync(elsewhere, NoColumns, 100)).Items.Select(row => row.Key).Order());
    }

    [Fact]
    public async Task List_ByColumns_ReturnsTheRowsThatHaveThem()
    {
        var (here, elsewhere) = await StoresAsync();
        await WriteAsync(here, New("1", "one"), Columns("o'1", "Open"));
        await WriteAsync(here, New("2", "two"), Columns("o'1", "Closed"));
        await WriteAsync(here, New("3", "three"), Columns("o'2", "Open"));
        await WriteAsync(here, (await FindAsync(here, "3"))! with { Data = new View("moved", 1) }, Columns("o'1", "Open"));

        var found = await ListAsync(elsewhere, Columns("o'1", "Open"), 10);

        Assert.Equal(["moved", "one"], found.Items.Select(row => row.Data.Name).Order(StringComparer.Ordinal));
        Assert.Null(found.Continuation);
        Assert.Empty((await ListAsync(elsewhere, Columns("o'2", "Open"), 10)).Items);
    }

    [Fact]
    public async Task List_PageByPage_ReturnsEveryRowOnce()
    {
        var (here, elsewhere) = await StoresAsync();
        for (var i = 0; i < 25; i++) await WriteAsync(here, New($"{i}", "x"), Columns("o", i % 5 == 0 ? "Closed" : "Open"));
        var keys = new List<string>();
        var sizes = new List<int>();

        string? continuation = null;
        do
        {
            var page = await ListAsync(sizes.Count % 2 == 0 ? here : elsewhere, Columns("o", "Open"), 6, continuation);
            keys.AddRange(page.Items.Select(row => row.Key));
            sizes.Add(page.Items.Count);
            continuation = page.Continuation;
        }
        while (continuation is not null);

        Assert.Equal([6, 6, 6, 2], sizes);
        Assert.Equal(Enumerable.Range(0, 25).Where(i => i % 5 != 0).Select(i => $"{i}").Order(), keys.Order());
    }

    [Fact]
    public async Task List_ContinuationThatIsNotOurs_IsRefused()
    {
        var (here, _) = await StoresAsync();
        for (var i = 0; i < 3; i++) await WriteAsync(here, New($"{i}", "x"));
        var token = (await ListAsync(here, NoColumns, 1)).Continuation!;

        foreach (var foreign in new[] { "", "x", "not base64 at all!", Convert.ToBase64String(new byte[64]), token[1..], token + "AAAA" })
            await Assert.ThrowsAsync<ContinuationException>(() => ListAsync(here, NoColumns, 1, foreign));
        await Assert.ThrowsAsync<ContinuationException>(
            () => here.ListAsync<View>($"read{Guid.NewGuid():N}", NoColumns, 1, token, CancellationToken.None));
    }

    private static Row<View> New(string key, string name) => new(key, new View(name, 1), new Dictionary<string, long> { ["s"] = 1 }, null);

    private static Dictionary<string, string> Columns(string order, string state) => new() { ["OrderId"] = order, ["State"] = state };

    private async Task<Row<View>?> FindAsync(IReadModelStore store, string key, bool fresh = true) =>
        await store.FindAsync<View>(_table, key, fresh, CancellationToken.None);

    private Task<bool> WriteAsync(IReadModelStore store, Row<View> row, Dictionary<string, string>? columns = null) =>
        store.WriteAsync(_table, row, columns ?? NoColumns, CancellationToken.None);

    private Task<Page<Row<View>>> ListAsync(
        IReadModelStore store, Dictionary<string, string> columns, int size, string? continuation = null) =>
        store.ListAsync<View>(_table, columns, size, continuation, CancellationToken.None);

    public sealed record View(string Name, decimal Price);
}

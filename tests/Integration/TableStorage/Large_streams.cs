using System.Buffers.Text;
using Atomic.EventSourcing;
using Atomic.TableStorage.Requests;
using Atomic.TableStorage.Tables;
using Atomic.Testing.Azurite;
using Atomic.Testing.EventStore;
using Xunit;
using static Atomic.TableStorage.Requests.RequestKind;

namespace Atomic.Integration.TableStorage;

/// <summary>States and commits beyond what rides on every append, and beyond what can be stored at all.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Large_streams(AzuriteFixture azurite) : IAsyncLifetime
{
    private const int Mebibyte = 1024 * 1024;

    private static readonly EventContext Context = new("correlation", "causation");

    private readonly string _id = $"t-{Guid.NewGuid():N}";
    private readonly Random _random = new(17);
    private Stores _here = null!;
    private Stores _elsewhere = null!;

    public async Task InitializeAsync()
    {
        _here = await Stores.NewAsync(azurite);
        _elsewhere = await Stores.NewAsync(azurite);
        await AppendAsync(_here, "makes the table", new Counted(1), $"t-{Guid.NewGuid():N}");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(60_000, 0)]
    [InlineData(400_000, 1)]
    [InlineData(1_200_000, 2)]
    public async Task Write_their_state_every_fifty_versions(int stateBytes, int snapshotRows)
    {
        await AppendAsync(_here, "first", new Counted(1, Noise(stateBytes)));
        await AssertLoadedAsync(version: 1, (PointGet, 1 + snapshotRows));
        for (var version = 2; version <= 50; version++) await AppendAsync(_here, $"c{version}", new Counted(1));
        await AssertLoadedAsync(version: 50, (PointGet, 1 + snapshotRows), (Query, 1));

        await AppendAsync(_elsewhere, "c51", new Counted(1));

        await AssertLoadedAsync(version: 51, (PointGet, 1 + snapshotRows));
    }

    [Fact]
    public async Task Cost_no_more_to_append_to()
    {
        await AppendAsync(_here, "first", new Counted(1, Noise(400_000)));

        using var count = RequestCount.Begin();
        for (var i = 0; i < 3; i++) await AppendAsync(_here, $"c{i}", new Counted(1));

        Assert.Equal("3 EntityGroupTransaction", count.ToString());
    }

    [Fact]
    public async Task Whose_state_has_become_small_again_write_it_with_every_append()
    {
        await AppendAsync(_here, "first", new Counted(1, Noise(400_000)), forgets: true);
        for (var version = 2; version <= 52; version++) await AppendAsync(_here, $"c{version}", new Counted(1), forgets: true);

        using var count = RequestCount.Begin();
        var head = await _elsewhere.Events.LoadAsync<Forgetful>(_id, likelyNew: false, default);

        Assert.Equal((52, new Forgetful(52, "")), (head.Version, head.State));
        Assert.Equal("1 PointGet", count.ToString());
    }

    [Fact]
    public async Task Fold_the_state_anew_when_its_shape_has_changed()
    {
        await AppendAsync(_here, "a", new Counted(3, "x"));
        await AppendAsync(_here, "b", new Counted(4, "y"));

        var head = await _here.Events.LoadAsync<Forgetful>(_id, likelyNew: false, default);
        Assert.Equal((2, new Forgetful(2, "y")), (head.Version, head.State));
        await AppendAsync(_elsewhere, "c", new Counted(5, "z"), forgets: true);

        await AssertLoadedAsync(3, (PointGet, 1), (Query, 1));
    }

    [Fact]
    public async Task Take_a_commit_of_several_rows()
    {
        var notes = Enumerable.Range(0, 4).Select(_ => Noise((2 * Mebibyte / 4) - 100)).ToList();
        var events = notes.Select(note => (IEvent)new Counted(1, note)).ToArray();
        await AppendAsync(_here, "large", events, forgets: true);
        await AppendAsync(_here, "small", new Counted(1), forgets: true);

        var commit = await _elsewhere.Events.FindCommitAsync<Forgetful>(_id, 4, default);
        var read = await _elsewhere.Events.ReadAsync<Forgetful>(_id, 1, default).ToListAsync();

        Assert.Equal(notes, commit!.Events.Select(e => ((Counted)e.Data).Note));
        Assert.Equal(["large", "small"], read.Select(one => one.CommandId));
        Assert.Equal(commit.Events, read[0].Events);
    }

    [Fact]
    public async Task Beyond_two_mebibytes_in_a_commit_are_refused() => await AssertRefusedAsync(
        () => AppendAsync(_here, "a", new Counted(1, new string('x', 2 * Mebibyte))), "one commit's events", 2 * Mebibyte);

    [Fact]
    public async Task Beyond_one_mebibyte_of_compressed_state_are_refused()
    {
        await AppendAsync(_here, "a", new Counted(1, Noise(1_000_000)));

        var more = Enumerable.Range(0, 50).Select(_ => new Counted(1, Noise(9_000))).ToArray<IEvent>();
        await AssertRefusedAsync(() => AppendAsync(_here, "b", more), "the state", Mebibyte);
    }

    [Fact]
    public Task With_an_id_that_makes_no_key_are_refused() =>
        AssertRefusedAsync(() => AppendAsync(_here, "a", new Counted(1), new string('/', 110)), "length of the id", 512);

    [Fact]
    public Task With_a_command_id_that_makes_no_key_are_refused() =>
        AssertRefusedAsync(() => AppendAsync(_here, new string('c', 511), new Counted(1)), "length of a command's id", 512);

    [Fact]
    public async Task Of_a_read_model_beyond_what_a_row_holds_are_refused()
    {
        using var count = RequestCount.Begin();
        var row = new Row<string>("r", Noise(3 * Mebibyte), new Dictionary<string, long>(), null);

        var refused = await Assert.ThrowsAsync<TableLimitException>(
            () => _here.Rows.WriteAsync("readLarge", row, new Dictionary<string, string>(), default));
        await Assert.ThrowsAsync<TableLimitException>(
            () => _here.Rows.ListAsync<string>("readLarge", new Dictionary<string, string>(), 1001, null, default));

        Assert.Equal(("readLarge", Mebibyte), (refused.Table, refused.Limit));
        Assert.Equal(0, count.Total);
    }

    private async Task AssertLoadedAsync(long version, params (RequestKind Kind, long Count)[] cost)
    {
        var expected = await _here.Events.ReadAsync<Tally>(_id, 1, default)
            .SelectMany(commit => commit.Events.ToAsyncEnumerable())
            .AggregateAsync(Tally.Initial, (state, e) => state.Evolve(e.Data));
        var cold = await Stores.NewAsync(azurite);
        using var count = RequestCount.Begin();
        var head = await cold.Events.LoadAsync<Tally>(_id, likelyNew: false, default);
        Assert.Equal((version, expected), (head.Version, head.State));
        Assert.Equal(cost, count.ByKind.Select(entry => (entry.Key, entry.Value)));
    }

    private static async Task AssertRefusedAsync(Func<Task> append, string what, long limit)
    {
        using var count = RequestCount.Begin();
        var refused = await Assert.ThrowsAsync<CommitTooLargeException>(append);
        Assert.Contains(what, refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"at most {limit}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, count[EntityGroupTransaction]);
    }

    private Task AppendAsync(Stores stores, string command, IEvent e, string? id = null, bool forgets = false) =>
        AppendAsync(stores, command, [e], id, forgets);

    private async Task AppendAsync(Stores stores, string command, IEvent[] events, string? id = null, bool forgets = false)
    {
        var commit = new NewCommit(command, RecordState.None, RecordState.Done, events, null, Context);
        var outcome = await (forgets ? WriteAsync<Forgetful>(stores, id ?? _id, commit) : WriteAsync<Tally>(stores, id ?? _id, commit));
        Assert.IsType<AppendOutcome.Appended>(outcome);
    }

    private static async Task<AppendOutcome> WriteAsync<TState>(Stores stores, string id, NewCommit commit)
        where TState : IAggregate<TState> =>
        await stores.Events.AppendAsync(await stores.Events.LoadAsync<TState>(id, likelyNew: false, default), commit, default);

    /// <summary>Text that compression makes a quarter shorter at most.</summary>
    private string Noise(int characters)
    {
        var bytes = new byte[(characters * 3 / 4) + 3];
        _random.NextBytes(bytes);
        return Base64Url.EncodeToString(bytes)[..characters];
    }

    /// <summary>The same streams with another state: it knows the last note only.</summary>
    private sealed record Forgetful(int Times, string LastNote) : IAggregate<Forgetful>
    {
        public static string Category => Tally.Category;

        public static EventTypes Events => Tally.Events;

        public static Forgetful Initial { get; } = new(0, "");

        public Forgetful Evolve(IEvent e) => e is Counted counted ? new Forgetful(Times + 1, counted.Note ?? "") : this;
    }
}

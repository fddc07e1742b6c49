using Atomic.EventSourcing;
using Atomic.TableStorage.Requests;
using Atomic.TableStorage.Tables;
using Atomic.Testing.Azurite;
using Atomic.Testing.EventStore;
using Xunit;

namespace Atomic.Integration.TableStorage;

/// <summary>The write took place and its reply never came; the client sends it again, and is told of a conflict: with itself.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Lost_replies(AzuriteFixture azurite) : IAsyncLifetime, IDisposable
{
    private static readonly EventContext Context = new("correlation", "causation");

    private readonly string _id = $"t-{Guid.NewGuid():N}";
    private readonly LosesReplies _network = new();
    private Stores _here = null!;
    private Stores _elsewhere = null!;

    public async Task InitializeAsync()
    {
        _here = await Stores.NewAsync(azurite, options => (options.Handler, options.RetryDelay) = (_network, TimeSpan.FromMilliseconds(1)));
        _elsewhere = await Stores.NewAsync(azurite);
        await AppendAsync(_elsewhere, Do("makes the table"), $"t-{Guid.NewGuid():N}");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Of_an_append_that_creates_the_stream(int lost)
    {
        var head = await _here.Events.LoadAsync<Tally>(_id, likelyNew: true, default);
        _network.LoseNext(lost);

        var outcome = await _here.Events.AppendAsync(head, Do("a"), default);

        Assert.Equal(1, Assert.IsType<AppendOutcome.Appended>(outcome).Commit.Events[0].Version);
        Assert.Equal(["a"], await StoredAsync());
    }

    [Fact]
    public async Task Of_an_append_to_a_stream()
    {
        await AppendAsync(_here, Do("a"));
        _network.LoseNext();

        Assert.IsType<AppendOutcome.Appended>(await AppendAsync(_here, Do("b")));

        Assert.Equal(["a", "b"], await StoredAsync());
        Assert.IsType<AppendOutcome.Appended>(await AppendAsync(_here, Do("c")));
        Assert.Equal(["a", "b", "c"], await StoredAsync());
    }

    [Fact]
    public async Task Of_a_record_alone()
    {
        var head = await _here.Events.LoadAsync<Tally>(_id, likelyNew: true, default);
        _network.LoseNext();

        Assert.IsType<AppendOutcome.Appended>(await _here.Events.AppendAsync(head, Undo("a", RecordState.None), default));

        Assert.IsType<AppendOutcome.Duplicate>(await AppendAsync(_elsewhere, Do("a")));
    }

    [Fact]
    public async Task Of_an_undo()
    {
        await AppendAsync(_here, Do("a"));
        _network.LoseNext();

        Assert.IsType<AppendOutcome.Appended>(await AppendAsync(_here, Undo("a", RecordState.Done, new Counted(-1))));

        Assert.Equal(["a", "a"], await StoredAsync());
    }

    [Fact]
    public async Task Of_an_append_on_which_another_has_built_by_then()
    {
        var handler = new CommandHandler(_here.Events, Nobody.Listening);
        await AppendAsync(_here, Do("a"));
        _network.Meanwhile = () => AppendAsync(_elsewhere, Do("other"));
        _network.LoseNext();

        var answer = await handler.DoAsync<Tally>(_id, new Invocation("b", Context), _ => [new Counted(1)], creates: false, default);

        Assert.True(answer.Accepted);
        Assert.Equal([$"{Tally.Category}:{_id}@2"], answer.Tokens);
        Assert.Equal(["a", "b", "other"], await StoredAsync());
    }

    [Fact]
    public async Task Of_a_row_leave_the_writer_to_read_it_again()
    {
        var table = $"read{Guid.NewGuid():N}";
        var row = new Row<string>("r", "1", new Dictionary<string, long> { ["s"] = 1 }, null);
        await _here.Rows.WriteAsync(table, row, new Dictionary<string, string>(), default);
        var known = await _here.Rows.FindAsync<string>(table, "r", fresh: false, default);
        _network.LoseNext();

        Assert.False(await _here.Rows.WriteAsync(table, known! with { Data = "2" }, new Dictionary<string, string>(), default));

        Assert.Equal("2", (await _here.Rows.FindAsync<string>(table, "r", fresh: false, default))!.Data);
    }

    [Fact]
    public async Task Of_every_try_end_in_an_error_and_forget_the_head()
    {
        await AppendAsync(_here, Do("a"));
        _network.IsDown = true;

        var error = await Assert.ThrowsAsync<TableStorageException>(() => AppendAsync(_here, Do("b")));

        Assert.Equal((0, Tally.Category), (error.Status, error.Table));
        Assert.Contains("The network is down", error.Message, StringComparison.Ordinal);
        _network.IsDown = false;
        using var count = RequestCount.Begin();
        Assert.IsType<AppendOutcome.Appended>(await AppendAsync(_here, Do("b")));
        Assert.Equal((1, 1), (count[RequestKind.PointGet], count[RequestKind.EntityGroupTransaction]));
    }

    private static NewCommit Do(string command) => new(command, RecordState.None, RecordState.Done, [new Counted(1)], null, Context);

    private static NewCommit Undo(string command, RecordState from, params IEvent[] events) =>
        new(command, from, RecordState.Undone, events, null, Context);

    private async Task<AppendOutcome> AppendAsync(Stores stores, NewCommit commit, string? id = null) =>
        await stores.Events.AppendAsync(await stores.Events.LoadAsync<Tally>(id ?? _id, likelyNew: false, default), commit, default);

    private async Task<IEnumerable<string>> StoredAsync() =>
        (await _elsewhere.Events.ReadAsync<Tally>(_id, 1, default).ToListAsync()).Select(commit => commit.CommandId);
}

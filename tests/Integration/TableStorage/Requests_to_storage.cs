using System.Diagnostics.Metrics;
using Atomic.EventSourcing;
using Atomic.TableStorage.Requests;
using Atomic.Testing.Azurite;
using Atomic.Testing.EventStore;
using Xunit;
using static Atomic.TableStorage.Requests.RequestKind;

namespace Atomic.Integration.TableStorage;

/// <summary>What each path costs, in requests. These numbers are promised.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Requests_to_storage(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly EventContext Context = new("correlation", "causation");
    private static readonly Dictionary<string, string> NoColumns = [];

    private readonly string _id = $"t-{Guid.NewGuid():N}";
    private readonly string _table = $"read{Guid.NewGuid():N}";
    private Stores _here = null!;
    private Stores _elsewhere = null!;

    public async Task InitializeAsync()
    {
        _here = await Stores.NewAsync(azurite);
        _elsewhere = await Stores.NewAsync(azurite);
        await DoAsync(_here, $"t-{Guid.NewGuid():N}", "makes the table", creates: true);
        var row = new Row<string>("0", "makes the table", new Dictionary<string, long>(), null);
        await _here.Rows.WriteAsync(_table, row, NoColumns, default);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_first_write_ever_makes_its_table()
    {
        var fresh = new StreamHead<Fresh>(new StreamId(Fresh.Category, _id), 0, Fresh.Initial, [], null);
        NewCommit Commit(string id) => new(id, RecordState.None, RecordState.Done, [new Counted(1)], null, Context);

        await AssertCostAsync(() => _here.Events.AppendAsync(fresh, Commit("a"), default), (EntityGroupTransaction, 2), (CreateTable, 1));
        await AssertCostAsync(
            () => _elsewhere.Events.AppendAsync(fresh with { Stream = new StreamId(Fresh.Category, _id + "2") }, Commit("a"), default),
            (EntityGroupTransaction, 1));
    }

    [Fact]
    public Task Creating_a_stream() => AssertCostAsync(() => DoAsync(_here, _id, "a", creates: true), (EntityGroupTransaction, 1));

    [Fact]
    public async Task Appending_to_a_warm_stream()
    {
        await DoAsync(_here, _id, "a", creates: true);

        await AssertCostAsync(() => DoAsync(_here, _id, "b"), (EntityGroupTransaction, 1));
        await AssertCostAsync(() => DoAsync(_here, _id, "c"), (EntityGroupTransaction, 1));
    }

    [Fact]
    public async Task Appending_to_a_cold_stream()
    {
        await DoAsync(_here, _id, "a", creates: true);

        await AssertCostAsync(() => DoAsync(_elsewhere, _id, "b"), (PointGet, 1), (EntityGroupTransaction, 1));
    }

    [Fact]
    public async Task A_recent_command_again()
    {
        await DoAsync(_here, _id, "a", creates: true);

        await AssertCostAsync(() => DoAsync(_elsewhere, _id, "a"), (PointGet, 2));
        await AssertCostAsync(() => DoAsync(_here, _id, "a"), (PointGet, 1));
    }

    [Fact]
    public async Task A_command_that_another_process_gets_ahead_of()
    {
        await DoAsync(_here, _id, "a", creates: true);
        await DoAsync(_elsewhere, _id, "b");

        await AssertCostAsync(() => DoAsync(_here, _id, "c"), (EntityGroupTransaction, 2), (PointGet, 1));
        await AssertCostAsync(() => DoAsync(_here, _id, "d"), (EntityGroupTransaction, 1));
    }

    [Fact]
    public async Task An_undo()
    {
        await DoAsync(_here, _id, "a", creates: true);

        await AssertCostAsync(() => UndoAsync(_elsewhere, "a"), (PointGet, 1), (EntityGroupTransaction, 1));
        await AssertCostAsync(() => UndoAsync(_elsewhere, "never done"), (PointGet, 1), (Insert, 1));
    }

    [Fact]
    public async Task An_event_projected()
    {
        var row = new Row<string>("r", "1", new Dictionary<string, long> { ["s"] = 1 }, null);
        await AssertCostAsync(() => _here.Rows.WriteAsync(_table, row, NoColumns, default), (Insert, 1));

        await AssertCostAsync(() => ProjectAsync(_here), (Update, 1));
        await AssertCostAsync(() => ProjectAsync(_elsewhere), (PointGet, 1), (Update, 1));
    }

    [Fact]
    public async Task Queries()
    {
        await DoAsync(_here, _id, "a", creates: true);

        await AssertCostAsync(() => _here.Rows.FindAsync<string>(_table, "0", fresh: true, default).AsTask(), (PointGet, 1));
        await AssertCostAsync(() => _here.Rows.ListAsync<string>(_table, NoColumns, 10, null, default), (Query, 1));
        await AssertCostAsync(async () => await _here.Events.ReadAsync<Tally>(_id, 1, default).ToListAsync(), (Query, 1));
        await AssertCostAsync(() => _here.Events.FindRecordAsync(new StreamId(Tally.Category, _id), "a", default), (PointGet, 1));
        await AssertCostAsync(() => _here.Events.FindCommitAsync<Tally>(_id, 1, default), (PointGet, 1));
    }

    [Fact]
    public async Task Are_reported_by_the_meter_as_they_are_counted()
    {
        // The meter is the process's: other tests send requests at the same time.
        var (metered, isHere) = (0L, new AsyncLocal<bool> { Value = true });
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == RequestMetrics.Meter) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (isHere.Value && Equals(tags[0].Value, nameof(EntityGroupTransaction))) Interlocked.Add(ref metered, value);
        });
        listener.Start();

        await AssertCostAsync(() => DoAsync(_here, _id, "a", creates: true), (EntityGroupTransaction, 1));

        Assert.Equal(1, Interlocked.Read(ref metered));
    }

    private static async Task AssertCostAsync(Func<Task> work, params (RequestKind Kind, long Count)[] expected)
    {
        using var count = RequestCount.Begin();
        await work();
        Assert.Equal(expected.OrderBy(entry => entry.Kind), count.ByKind.Select(entry => (entry.Key, entry.Value)));
        Assert.Equal(expected.Sum(entry => entry.Count), count.Total);
    }

    private async Task ProjectAsync(Stores stores)
    {
        var row = await stores.Rows.FindAsync<string>(_table, "r", fresh: false, default);
        Assert.True(await stores.Rows.WriteAsync(_table, row! with { Data = row.Data + "1" }, NoColumns, default));
    }

    private static Task<Answer> DoAsync(Stores stores, string id, string command, bool creates = false) =>
        new CommandHandler(stores.Events, Nobody.Listening)
            .DoAsync<Tally>(id, new Invocation(command, Context), _ => [new Counted(1)], creates, default);

    private Task<Answer> UndoAsync(Stores stores, string command) =>
        new CommandHandler(stores.Events, Nobody.Listening)
            .UndoAsync<Tally>(_id, new Invocation(command, Context), _ => [new Counted(-1)], default);

    private sealed record Fresh : IAggregate<Fresh>
    {
        public static string Category => "contractFresh";

        public static EventTypes Events => Tally.Events;

        public static Fresh Initial { get; } = new();

        public Fresh Evolve(IEvent e) => this;
    }
}

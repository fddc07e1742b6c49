using Atomic.EventSourcing;
using Atomic.Testing.Azurite;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Atomic.Integration.TableStorage;

/// <summary>Events that a later version of the code has written: their rows stand still, visibly, and no others.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Events_that_cannot_be_read(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly string Era = $"era{Guid.NewGuid():N}";
    private static readonly EventContext Context = new("correlation", "causation");

    private Stores _stores = null!;
    private ProjectionDirectory _directory = null!;

    public async Task InitializeAsync()
    {
        _stores = await Stores.NewAsync(azurite);
        _directory = new ProjectionDirectory(_stores.States, new FakeTimeProvider());
        await AppendAsync("old", new Said(1), new Said(2));
        await AppendAsync("new", new Said(1), new Sung(2), new Said(3));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Stop_their_row_alone()
    {
        var projector = new Projector<Rows, Today, Words>(_stores.Events, _stores.Rows, _stores.States, _directory);
        var projected = await projector.ProjectAsync([Notification("old", 2), Notification("new", 3)], default);

        Assert.All(projected, each => Assert.Null(each.Failure));
        Assert.Equal((2, null), await RowAsync("old"));
        Assert.Equal((1, $"{Era}:new@2"), await RowAsync("new"));

        async Task<(int?, string?)> RowAsync(string id)
        {
            var row = await projector.FindAsync(id, [], default);
            return (row?.Data.Count, row?.Blocked?.Event);
        }
    }

    [Fact]
    public async Task Stop_their_item_alone()
    {
        var projector = new ViewProjector<Items, Words, Words>(_stores.Events, _stores.Rows, _stores.States, _directory);
        var projected = await projector.ProjectAsync([Event("old", 2), Event("new", 3)], default);

        Assert.All(projected, each => Assert.Null(each.Failure));
        Assert.Equal(3, (await projector.FindAsync("all", [], default))!.Data.Count);
        Assert.Equal(["all|new"], await BlockedAsync(Items.Name));
    }

    [Fact]
    public async Task Are_told_by_a_rebuild_and_leave_the_rest_complete()
    {
        var states = await Task.WhenAll(new[] { Rows.Name, Items.Name }.Select(BeginAsync));
        var scan = _stores.Scan;

        await new Rebuilder<Rows, Today, Words>(scan, _stores.Rows, _stores.States).RebuildAsync(states[0], states[0].Last, 0, IStreamScan.Ranges, default);
        await new ViewProjector<Items, Words, Words>(_stores.Events, _stores.Rows, _stores.States, _directory)
            .RebuildAsync(scan, states[1], states[1].Last, 0, IStreamScan.Ranges, default);

        Assert.Contains("new", await BlockedAsync(Rows.Name, states[0].Last));
        Assert.Contains($"{Era}:new", await BlockedAsync(Items.Name, states[1].Last));
        Assert.Equal(2, (await _stores.Rows.FindAsync<Words>(states[0].TableOf(states[0].Last), "old", fresh: true, default))!.Data.Count);
        Assert.Equal(2, (await _stores.Rows.FindAsync<Words>(states[1].TableOf(states[1].Last), "all|old", fresh: true, default))!.Data.Count);
    }

    [Fact]
    public async Task Do_not_leave_out_what_the_store_does_not_have()
    {
        var projector = new ViewProjector<Items, Words, Words>(_stores.Events, _stores.Rows, _stores.States, _directory);

        var projected = Assert.Single(await projector.ProjectAsync([Event("old", 9)], default));

        Assert.Contains("is at version 2, not at 9", Assert.IsType<MissingEventsException>(projected.Failure).Message, StringComparison.Ordinal);
    }

    private async Task<ProjectionState> BeginAsync(string projection)
    {
        var state = (await _stores.States.LoadAsync(projection, default)).Rebuild(DateTimeOffset.UnixEpoch)!;
        Assert.True(await _stores.States.WriteAsync(state, default));
        return state;
    }

    private async Task<IEnumerable<string>> BlockedAsync(string projection, int version = 1) =>
        (await _stores.States.LoadAsync(projection, default)).Blocked.Where(row => row.Version == version).Select(row => row.Key);

    private async Task AppendAsync(string id, params IEvent[] events)
    {
        var head = await _stores.Events.LoadAsync<Tomorrow>(id, likelyNew: false, default);
        if (head.Version > 0) return;
        foreach (var e in events)
        {
            var commit = new NewCommit($"{Guid.NewGuid():N}", RecordState.None, RecordState.Done, [e], null, Context);
            Assert.IsType<AppendOutcome.Appended>(await _stores.Events.AppendAsync(head, commit, default));
            head = await _stores.Events.LoadAsync<Tomorrow>(id, likelyNew: false, default);
        }
    }

    private static StreamPosition At(string id, long version) => new(new StreamId(Era, id), version);

    private static Heard Notification(string id, long version) => new(At(id, version), DateTimeOffset.UnixEpoch, null);

    private static Heard Event(string id, long version) =>
        Heard.Of(new RecordedEvent(At(id, version).Stream, version, "Said.v1", new Said((int)version), Context, DateTimeOffset.UnixEpoch));

    private sealed record Said(int Word) : IEvent;

    private sealed record Sung(int Word) : IEvent;

    private sealed record Words(int Count);

    private sealed record Tomorrow : IAggregate<Tomorrow>
    {
        public static string Category => Era;

        public static EventTypes Events { get; } = EventTypes.Of(typeof(Said), typeof(Sung));

        public static Tomorrow Initial { get; } = new();

        public Tomorrow Evolve(IEvent e) => this;
    }

    private sealed record Today : IAggregate<Today>
    {
        public static string Category => Era;

        public static EventTypes Events { get; } = EventTypes.Of(typeof(Said));

        public static Today Initial { get; } = new();

        public Today Evolve(IEvent e) => this;
    }

    private sealed class Rows : IProjection<Today, Words>
    {
        public static string Name { get; } = $"rows-{Guid.NewGuid():N}";

        public static Words Apply(Words? row, RecordedEvent e) => new((row?.Count ?? 0) + 1);

        public static IReadOnlyDictionary<string, string> Columns(Words row) => new Dictionary<string, string>();
    }

    private sealed class Items : IView<Words, Words>
    {
        public static string Name { get; } = $"items-{Guid.NewGuid():N}";

        public static IReadOnlyList<StreamSource> Sources { get; } = [StreamSource.Of<Today>()];

        public static Place PlaceOf(RecordedEvent e) => Place.OfStream("all", e);

        public static Words Apply(Words? item, RecordedEvent e) => new((item?.Count ?? 0) + 1);

        public static Words Summarize(Words? summary, Words? before, Words after) => new((summary?.Count ?? 0) + after.Count - (before?.Count ?? 0));
    }
}

using Atomic.EventSourcing;
using Atomic.TableStorage.Requests;
using Atomic.Testing.Azurite;
using Atomic.Testing.EventStore;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static Atomic.TableStorage.Requests.RequestKind;

namespace Atomic.Integration.TableStorage;

/// <summary>What commands of one stream, and events of one row, cost when many come together. These numbers are promised.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Requests_of_many_at_once(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly EventContext Context = new("correlation", "causation");

    private readonly string _id = $"t-{Guid.NewGuid():N}";
    private Instance _here = null!;
    private Instance _elsewhere = null!;

    public async Task InitializeAsync()
    {
        (_here, _elsewhere) = (new Instance(await Stores.NewAsync(azurite)), new Instance(await Stores.NewAsync(azurite)));
        // Makes the tables, and lets both know how the projection stands.
        var other = $"t-{Guid.NewGuid():N}";
        await DoTogetherAsync(_here, other, 1);
        await _here.Projector.ProjectAsync(HeardOf(other, 1, 1), default);
        await _elsewhere.Projector.FindAsync(other, [], default);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(2)]
    [InlineData(NewCommit.MostTogether)]
    public async Task Commands_of_one_stream_are_a_read_and_a_write(int commands)
    {
        await DoTogetherAsync(_here, _id, 1);

        await AssertCostAsync(() => DoTogetherAsync(_elsewhere, _id, commands), (PointGet, 1), (EntityGroupTransaction, 1));
        await AssertCostAsync(() => DoTogetherAsync(_elsewhere, _id, commands), (EntityGroupTransaction, 1));

        await AssertVersionsAsync(1 + (2 * commands));
    }

    [Fact]
    public async Task A_hundred_commands_of_one_stream_are_four_requests()
    {
        await DoTogetherAsync(_here, _id, 1);

        await AssertCostAsync(() => DoTogetherAsync(_elsewhere, _id, 100), (PointGet, 1), (EntityGroupTransaction, 3));

        await AssertVersionsAsync(101);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public async Task Events_of_one_row_are_a_read_and_a_write_or_a_write_alone_where_it_is_warm(int events)
    {
        var (here, elsewhere) = (_here.Projector, _elsewhere.Projector);
        await AssertCostAsync(() => here.ProjectAsync(HeardOf(_id, 1, 1), default), (Insert, 1));

        await AssertCostAsync(() => elsewhere.ProjectAsync(HeardOf(_id, 2, events), default), (PointGet, 1), (Update, 1));
        await AssertCostAsync(() => elsewhere.ProjectAsync(HeardOf(_id, 2 + events, events), default), (Update, 1));

        var row = await here.FindAsync(_id, [], default);
        Assert.Equal((1 + (2 * events), 1 + (2 * events)), (row!.AppliedOf(new StreamId(Tally.Category, _id)), row.Data.Events));
    }

    [Fact]
    public async Task What_was_applied_already_is_read_and_dropped()
    {
        await _here.Projector.ProjectAsync(HeardOf(_id, 1, 3), default);

        await AssertCostAsync(() => _elsewhere.Projector.ProjectAsync(HeardOf(_id, 2, 2), default), (PointGet, 1));
    }

    [Fact]
    public async Task A_query_is_one_and_one_more_where_its_row_is_behind_its_token()
    {
        await DoTogetherAsync(_here, _id, 2);
        var token = new StreamPosition(new StreamId(Tally.Category, _id), 2);
        await AssertCostAsync(() => _elsewhere.Projector.FindAsync(_id, [token], default), (PointGet, 1), (Query, 1));

        await _here.Projector.ProjectAsync(HeardOf(_id, 1, 2), default);

        await AssertCostAsync(() => _elsewhere.Projector.FindAsync(_id, [token], default), (PointGet, 1));
    }

    private static async Task AssertCostAsync(Func<Task> work, params (RequestKind Kind, long Count)[] expected)
    {
        using var count = RequestCount.Begin();
        await work();
        Assert.Equal(expected.OrderBy(entry => entry.Kind), count.ByKind.Select(entry => (entry.Key, entry.Value)));
    }

    private static async Task DoTogetherAsync(Instance instance, string id, int commands)
    {
        var handler = new CommandHandler(instance.Stores.Events, Nobody.Listening);
        List<Task<Answer>> answers;
        using (handler.Gather())
        {
            answers = [.. Enumerable.Range(0, commands).Select(_ => handler.DoAsync<Tally>(
                id, new Invocation($"{Guid.NewGuid():N}", Context), _ => [new Counted(1)], creates: false, default))];
        }

        Assert.Equal(commands, (await Task.WhenAll(answers)).SelectMany(answer => answer.Tokens).Distinct().Count());
    }

    private async Task AssertVersionsAsync(int last)
    {
        var commits = await _here.Stores.Events.ReadAsync<Tally>(_id, 1, default).ToListAsync();
        Assert.Equal(Enumerable.Range(1, last).Select(version => (long)version), commits.SelectMany(commit => commit.Events).Select(e => e.Version));
    }

    private static List<Heard> HeardOf(string id, int from, int count) => [.. Enumerable.Range(from, count).Select(version => Heard.Of(
        new RecordedEvent(new StreamId(Tally.Category, id), version, "Counted.v1", new Counted(1), Context, DateTimeOffset.UnixEpoch)))];

    /// <summary>One of the app; its clock stands still, so that it asks once how projections stand.</summary>
    private sealed record Instance(Stores Stores)
    {
        public Projector<Counts, Tally, Count> Projector { get; } =
            new(Stores.Events, Stores.Rows, Stores.States, new ProjectionDirectory(Stores.States, new FakeTimeProvider()));
    }

    private sealed record Count(int Events);

    private sealed class Counts : IProjection<Tally, Count>
    {
        public static string Name => "contract-counts";

        public static Count Apply(Count? row, RecordedEvent e) => new((row?.Events ?? 0) + 1);

        public static IReadOnlyDictionary<string, string> Columns(Count row) => new Dictionary<string, string>();
    }
}

using Atomic.EventSourcing;
using Atomic.Verification.Storage;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Atomic.Unit.EventSourcing;

public sealed class Projecting
{
    private const string Table = "readTalliesV1";

    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryEventStore _events;
    private readonly InMemoryReadModels _rows = new();
    private readonly InMemoryProjectionStates _states;
    private readonly Projector<Tallies, Tally, TallyRow> _projector;

    public Projecting()
    {
        _events = new InMemoryEventStore(_time);
        _states = new InMemoryProjectionStates(_rows);
        _projector = new Projector<Tallies, Tally, TallyRow>(_events, _rows, _states, new ProjectionDirectory(_states, _time));
    }

    [Fact]
    public async Task An_event_of_a_new_row_costs_one_request()
    {
        var events = await CommittedAsync("a", new Counted(1));

        await _projector.ProjectAsync(Heard(events), default);

        Assert.Equal(1, _rows.Requests);
        Assert.Equal("""{"sum":1,"count":1} tally:a@1 """, _rows.Stored(Table)["a"]);
    }

    [Fact]
    public async Task Many_events_of_one_row_cost_one_read_and_one_write()
    {
        var events = await CommittedAsync("a", [.. Enumerable.Range(1, 50).Select(i => new Counted(i))]);
        await _projector.ProjectAsync(Heard(events[..1]), default);
        var before = (_rows.Requests, _events.Reads);

        await _projector.ProjectAsync(Heard(events[1..]), default);

        Assert.Equal((2, 0), (_rows.Requests - before.Requests, _events.Reads - before.Reads));
        Assert.Equal("""{"sum":1275,"count":50} tally:a@50 """, _rows.Stored(Table)["a"]);
    }

    [Fact]
    public async Task Order_and_duplicates_do_not_matter_and_what_is_missing_is_read()
    {
        var events = await CommittedAsync("a", new Counted(1), new Counted(2), new Counted(3), new Counted(4));

        await _projector.ProjectAsync(Heard([events[3], events[1], events[3]]), default);
        await _projector.ProjectAsync(Heard([events[0], events[2]]), default);

        Assert.Equal("""{"sum":10,"count":4} tally:a@4 """, _rows.Stored(Table)["a"]);
    }

    [Fact]
    public async Task A_notification_is_resolved_by_the_store()
    {
        var events = await CommittedAsync("a", new Counted(7));

        await _projector.ProjectAsync([new Heard(events[0].Position, events[0].At, null)], default);

        Assert.Equal("""{"sum":7,"count":1} tally:a@1 """, _rows.Stored(Table)["a"]);
    }

    [Fact]
    public async Task What_the_store_does_not_have_is_a_failure_and_changes_nothing()
    {
        var ghost = new Heard(new StreamPosition(new StreamId(Tally.Category, "a"), 3), _time.GetUtcNow(), null);

        var projected = Assert.Single(await _projector.ProjectAsync([ghost], default));

        Assert.Contains("does not exist", Assert.IsType<MissingEventsException>(projected.Failure).Message, StringComparison.Ordinal);
        Assert.Empty(_rows.Stored(Table));
    }

    [Fact]
    public async Task A_poison_event_blocks_its_row_and_no_other()
    {
        var poisoned = await CommittedAsync("a", new Counted(1), new Counted(Tallies.Poison), new Counted(3));
        var other = await CommittedAsync("b", new Counted(5));

        var projected = await _projector.ProjectAsync(Heard([.. poisoned, .. other]), default);

        Assert.Equal([null, "Counted.v1: 666 cannot be counted.", null, null], projected.OrderBy(each => each.Heard.Position.ToString(), StringComparer.Ordinal).Select(each => each.Poison));
        Assert.StartsWith("""{"sum":1,"count":1} tally:a@1 Blocked { Event = tally:a@2, Reason = Counted.v1: 666 cannot be counted.""", _rows.Stored(Table)["a"], StringComparison.Ordinal);
        Assert.Equal("""{"sum":5,"count":1} tally:b@1 """, _rows.Stored(Table)["b"]);
        Assert.Equal(["1 a tally:a@2"], (await _states.LoadAsync("tallies", default)).Blocked.Select(row => $"{row.Version} {row.Key} {row.Blocked.Event}"));
    }

    [Fact]
    public async Task Later_events_of_a_blocked_row_wait_and_follow_the_poison_once_it_can_be_taken()
    {
        var events = await CommittedAsync("a", new Counted(1), new Counted(Tallies.Poison), new Counted(3));
        await _projector.ProjectAsync(Heard(events[..2]), default);
        Assert.Null(Assert.Single(await _projector.ProjectAsync(Heard(events[2..]), default)).Poison);
        Assert.StartsWith("""{"sum":1,"count":1} tally:a@1 Blocked""", _rows.Stored(Table)["a"], StringComparison.Ordinal);

        Tallies.Fixed = true;
        try
        {
            await _projector.ProjectAsync(Heard(events[1..2]), default);
        }
        finally
        {
            Tallies.Fixed = false;
        }

        Assert.Equal("""{"sum":670,"count":3} tally:a@3 """, _rows.Stored(Table)["a"]);
        Assert.Empty((await _states.LoadAsync("tallies", default)).Blocked);
    }

    [Fact]
    public async Task A_row_that_begins_with_poison_is_blocked_and_not_there()
    {
        var events = await CommittedAsync("a", new Counted(Tallies.Poison), new Counted(2));

        Assert.NotNull((await _projector.ProjectAsync(Heard(events[..1]), default))[0].Poison);

        Assert.Null(await _projector.FindAsync("a", [], default));
        await Assert.ThrowsAsync<BlockedRowException>(() => _projector.FindAsync("a", [events[1].Position], default));
        Assert.Single((await _states.LoadAsync("tallies", default)).Blocked);
    }

    [Fact]
    public async Task A_token_is_honoured_before_the_event_arrives()
    {
        var events = await CommittedAsync("a", new Counted(1), new Counted(2));
        await _projector.ProjectAsync(Heard(events[..1]), default);

        Assert.Equal(3, (await _projector.FindAsync("a", [events[1].Position], default))!.Data.Sum);
        Assert.Equal(1, (await _projector.FindAsync("a", [], default))!.Data.Sum);
        var page = await _projector.ListAsync(new Dictionary<string, string> { ["Count"] = "2" }, 10, null, [events[1].Position], default);
        Assert.Equal(3, Assert.Single(page.Items).Data.Sum);
    }

    [Fact]
    public async Task A_token_of_a_stream_that_has_not_come_so_far_is_refused_by_name()
    {
        var events = await CommittedAsync("a", new Counted(1));

        var none = await Assert.ThrowsAsync<MissingEventsException>(() => _projector.FindAsync("b", [new(new(Tally.Category, "b"), 1)], default));
        var short2 = await Assert.ThrowsAsync<MissingEventsException>(() => _projector.FindAsync("a", [events[0].Position with { Version = 9 }], default));

        Assert.Equal(["Stream tally:b does not exist.", "Stream tally:a is at version 1, not at 9."], [none.Message, short2.Message]);
    }

    private async Task<List<RecordedEvent>> CommittedAsync(string id, params IEvent[] events)
    {
        var committed = new List<RecordedEvent>();
        foreach (var e in events)
        {
            var head = await _events.LoadAsync<Tally>(id, likelyNew: false, default);
            var commit = new NewCommit($"{id}{head.Version}", RecordState.None, RecordState.Done, [e], null, new EventContext("t", "m"));
            committed.AddRange(((AppendOutcome.Appended)await _events.AppendAsync(head, commit, default)).Commit.Events);
        }

        return committed;
    }

    private static List<Heard> Heard(IEnumerable<RecordedEvent> events) => [.. events.Select(Atomic.EventSourcing.Heard.Of)];
}

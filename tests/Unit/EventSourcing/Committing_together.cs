using Atomic.EventSourcing;
using Atomic.Verification.Storage;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Atomic.Unit.EventSourcing;

public sealed class Committing_together
{
    private readonly InMemoryEventStore _store = new(new FakeTimeProvider());
    private readonly RecordingPublisher _published = new();
    private readonly CommandHandler _handler;

    public Committing_together() => _handler = new CommandHandler(_store, _published);

    [Fact]
    public async Task A_hundred_commands_on_one_stream_cost_at_most_three_writes_and_keep_their_own_answers()
    {
        var answers = await TogetherAsync(Enumerable.Range(1, 100), i => DoAsync($"c-{i}", _ => [new Counted(i)]));

        Assert.Equal(3, _store.Appends);
        Assert.Equal(Enumerable.Range(1, 100), answers.Select(answer => (int)Version(answer)).Order());
        Assert.All(answers.Index(), each => Assert.Equal(each.Index + 1, AmountAt(Version(each.Item))));
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), _published.Versions.Order());
        foreach (var i in Enumerable.Range(1, 100))
            Assert.Equal(RecordState.Done, (await _store.FindRecordAsync(new(Tally.Category, "a"), $"c-{i}", default))!.State);
    }

    [Fact]
    public async Task Each_is_decided_on_what_those_before_it_leave()
    {
        // Ten at once, of which the state admits three.
        var answers = await TogetherAsync(Enumerable.Range(1, 10), i => DoAsync($"c-{i}", tally =>
            tally.Sum < 3 ? [new Counted(1)] : [new NotCounted("It is enough.")]));

        Assert.Equal((3, 7), (answers.Count(answer => answer.Accepted), answers.Count(answer => answer.Reason == "It is enough.")));
    }

    [Fact]
    public async Task One_whose_decision_throws_fails_alone()
    {
        var answers = Together([1, 2, 3], i => DoAsync($"c-{i}", _ => i == 2 ? throw new InvalidOperationException("broken") : [new Counted(i)]));

        Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidOperationException>(() => answers[1])).Message);
        Assert.True((await answers[0]).Accepted && (await answers[2]).Accepted);
        Assert.Equal(1, _store.Appends);
        Assert.Equal(4, (await _store.LoadAsync<Tally>("a", false, default)).State.Sum);
    }

    // As of a host without the provider that an earlier one had: it was tried sixteen times, and then blamed on other processes.
    [Fact]
    public async Task One_that_began_an_effect_elsewhere_fails_at_once_and_alone_and_says_so()
    {
        Assert.Equal(RecordState.Started, await _handler.StartAsync<Tally>("a", Command("c-1"), default));
        var appends = _store.Appends;

        var answers = Together(["c-1", "c-2"], command => DoAsync(command, _ => [new Counted(1)]));

        Assert.Equal("c-1", (await Assert.ThrowsAsync<UnsettledEffectException>(() => answers[0])).CommandId);
        Assert.True((await answers[1]).Accepted);
        Assert.InRange(_store.Appends - appends, 1, 3);
    }

    // Taken for new, the stream was not read, and there was nothing to do on what it was taken for.
    [Fact]
    public async Task One_that_finds_nothing_to_do_on_a_stream_that_it_took_for_new_is_decided_on_what_is_there()
    {
        await DoAsync("c-1", _ => [new Counted(5)]);

        var answer = await _handler.DoAsync<Tally>("a", Command("c-2"), tally => tally.Sum == 0 ? [] : [new Counted(-tally.Sum)], creates: true, default);

        Assert.Equal(2, Version(answer));
        Assert.Equal(0, (await _store.LoadAsync<Tally>("a", false, default)).State.Sum);
    }

    [Fact]
    public async Task The_same_command_twice_has_one_effect_and_one_answer()
    {
        var answers = await TogetherAsync(Enumerable.Range(1, 5), _ => DoAsync("c-1", _ => [new Counted(1)]));

        Assert.Single(answers.Select(answer => Assert.Single(answer.Tokens)).Distinct());
        Assert.Single(_store.CommitsOf(new(Tally.Category, "a")));
    }

    [Fact]
    public async Task An_old_command_among_new_ones_is_repeated_and_delays_none()
    {
        for (var i = 0; i < 40; i++) await DoAsync($"old-{i}", _ => [new Counted(1)]);
        var appends = _store.Appends;

        var answers = await TogetherAsync(["new-1", "old-0", "new-2"], command => DoAsync(command, _ => [new Counted(1)]));

        Assert.Equal([41, 1, 42], answers.Select(Version));
        Assert.Equal(2, _store.Appends - appends);
    }

    [Fact]
    public async Task A_do_and_its_undo_leave_nothing_whichever_comes_first()
    {
        foreach (var undoFirst in new[] { true, false })
        {
            var id = $"a-{undoFirst}";
            Task<Answer> Do() => _handler.DoAsync<Tally>(id, Command("t:s"), _ => [new Counted(5)], creates: true, default);
            Task<Answer> Undo() => _handler.UndoAsync<Tally>(id, Command("t:s"), _ => [new Counted(-5)], default);
            var answers = await TogetherAsync(undoFirst ? [Undo, Do] : new[] { Do, Undo }, run => run());

            Assert.Equal(undoFirst, answers[1].TooLate);
            Assert.Equal(0, (await _store.LoadAsync<Tally>(id, false, default)).State.Sum);
            Assert.Equal(RecordState.Undone, (await _store.FindRecordAsync(new(Tally.Category, id), "t:s", default))!.State);
        }
    }

    [Fact]
    public async Task A_group_that_is_too_large_is_split_until_it_fits_and_what_never_fits_fails_alone()
    {
        var narrow = new CommandHandler(new NarrowStore(_store, mostEvents: 3), _published);

        List<Task<Answer>> answers;
        using (narrow.Gather())
        {
            answers = [.. Enumerable.Range(1, 10).Select(i => narrow.DoAsync<Tally>(
                "a", Command($"c-{i}"), _ => [.. Enumerable.Repeat(new Counted(1), i == 5 ? 4 : 1)], creates: false, default))];
        }

        await Assert.ThrowsAsync<CommitTooLargeException>(() => answers[4]);
        answers.RemoveAt(4);
        Assert.All(await Task.WhenAll(answers), answer => Assert.True(answer.Accepted));
        Assert.Equal(9, (await _store.LoadAsync<Tally>("a", false, default)).State.Sum);
    }

    [Fact]
    public async Task When_publishing_fails_all_are_redelivered_and_published_then()
    {
        _published.Broken = true;
        var first = Together([1, 2, 3], i => DoAsync($"c-{i}", _ => [new Counted(1)]));
        foreach (var failed in first) await Assert.ThrowsAsync<IOException>(() => failed);
        _published.Broken = false;

        await TogetherAsync([1, 2, 3], i => DoAsync($"c-{i}", _ => [new Counted(1)]));

        Assert.Equal([1, 2, 3], _published.Versions.Order());
        Assert.Equal(3, (await _store.LoadAsync<Tally>("a", false, default)).State.Sum);
    }

    private Task<Answer>[] Together<T>(IEnumerable<T> commands, Func<T, Task<Answer>> run)
    {
        using var batch = _handler.Gather();
        return [.. commands.Select(run)];
    }

    private Task<Answer[]> TogetherAsync<T>(IEnumerable<T> commands, Func<T, Task<Answer>> run) => Task.WhenAll(Together(commands, run));

    private Task<Answer> DoAsync(string command, Func<Tally, IReadOnlyList<IEvent>> decide) =>
        _handler.DoAsync("a", Command(command), decide, creates: false, default);

    private int AmountAt(long version) => ((Counted)_store.CommitsOf(new(Tally.Category, "a"))[(int)version - 1].Events[0].Data).Amount;

    private static long Version(Answer answer) =>
        StreamPosition.TryParse(Assert.Single(answer.Tokens), out var position) ? position.Version : throw new InvalidOperationException(answer.ToString());

    private static Invocation Command(string id) => new(id, new EventContext("t", id));
}

using Atomic.EventSourcing;
using Atomic.Functions.Watch;
using Xunit;

namespace Atomic.Unit.Watch;

public sealed class Watched_transactions
{
    private static readonly Finding Broken = new("t-1", "run-1", "It strayed.", Repair.Restart);
    private static readonly Finding Silent = new("t-1", "run-1", "It has said nothing.");

    [Fact]
    public void Given_nothing_When_it_has_failed_Then_it_is_begun_again() => Then(After().Decide(Broken), new TransactionRestarted("run-1", 1, "It strayed."));

    [Fact]
    public void Given_nothing_When_it_is_silent_Then_it_is_raised() => Then(After().Decide(Silent), new TransactionRaised("run-1", "It has said nothing."));

    [Theory]
    [InlineData(Repair.Begin)]
    [InlineData(Repair.Tell)]
    [InlineData(Repair.Remind)]
    public void Given_nothing_When_it_can_be_repaired_otherwise_Then_that_is_done(Repair repair) =>
        Then(After().Decide(Broken with { Repair = repair }), new TransactionRepaired("run-1", repair, 1, "It strayed."));

    [Fact]
    public void Given_that_it_was_raised_When_the_same_is_found_again_Then_nobody_is_called_twice()
    {
        Then(After(new TransactionRaised("run-1", "It has said nothing.")).Decide(Silent));
        Then(After(Restarts(3)).Evolve(new TransactionRaised("run-4", "In vain.")).Decide(Broken with { Run = "run-4" }));
    }

    [Fact]
    public void Given_restarts_When_the_next_run_fails_too_Then_they_end()
    {
        Then(After(Restarts(2)).Decide(Broken with { Run = "run-3" }), new TransactionRestarted("run-3", 3, "It strayed."));

        var raised = Assert.IsType<TransactionRaised>(Assert.Single(After(Restarts(3)).Decide(Broken with { Run = "run-4" })));
        Assert.Contains("begun again 3 times", raised.Reason, StringComparison.Ordinal);
    }

    // The scheduler lets go of what failed after some months.
    [Fact]
    public void Given_that_it_failed_in_vain_and_was_raised_When_its_history_is_gone_Then_it_is_not_begun_by_itself()
    {
        var lost = new Finding("t-1", "unknown", "The engine does not know it.", Repair.Begin);

        Then(After(Restarts(3)).Evolve(new TransactionRaised("run-4", "In vain.")).Decide(lost));
        Then(After(Restarts(1)).Decide(lost), new TransactionRepaired("unknown", Repair.Begin, 1, "The engine does not know it."));
    }

    [Fact]
    public void Given_reminders_When_another_step_is_late_Then_they_count_anew_and_for_the_same_one_they_end()
    {
        var reminded = After(Enumerable.Range(1, 3).Select(attempt => (IEvent)new TransactionRepaired("reserve-stock:Do", Repair.Remind, attempt, "It is late.")).ToArray());
        var late = new Finding("t-1", "reserve-stock:Do", "It is late.", Repair.Remind);

        Assert.Contains("reminded 3 times, in vain", Assert.IsType<TransactionRaised>(Assert.Single(reminded.Decide(late))).Reason, StringComparison.Ordinal);
        Then(reminded.Decide(late with { Run = "book-shipment:Do" }), new TransactionRepaired("book-shipment:Do", Repair.Remind, 1, "It is late."));
    }

    private static IEvent[] Restarts(int times) =>
        [.. Enumerable.Range(1, times).Select(attempt => new TransactionRestarted($"run-{attempt}", attempt, "It strayed."))];

    private static WatchedTransaction After(params IEvent[] events) => events.Aggregate(WatchedTransaction.Initial, (state, e) => state.Evolve(e));

    private static void Then(IReadOnlyList<IEvent> decided, params IEvent[] expected) => Assert.Equal(expected, decided);
}

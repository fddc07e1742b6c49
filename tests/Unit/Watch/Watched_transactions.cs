using Atomic.EventSourcing;
using Atomic.Functions.Watch;
using Xunit;

namespace Atomic.Unit.Watch;

public sealed class Watched_transactions
{
    private static readonly Finding Broken = new("t-1", "run-1", "It strayed.", CanRestart: true);
    private static readonly Finding Silent = new("t-1", "run-1", "It has said nothing.", CanRestart: false);

    [Fact]
    public void Given_nothing_When_it_has_failed_Then_it_is_begun_again() => Then(After().Decide(Broken), new TransactionRestarted("run-1", 1, "It strayed."));

    [Fact]
    public void Given_nothing_When_it_is_silent_Then_it_is_raised() => Then(After().Decide(Silent), new TransactionRaised("run-1", "It has said nothing."));

    [Fact]
    public void Given_an_act_When_the_same_is_found_again_Then_nothing_is_done_twice()
    {
        Then(After(new TransactionRestarted("run-1", 1, "It strayed.")).Decide(Broken));
        Then(After(new TransactionRaised("run-1", "It has said nothing.")).Decide(Silent));
    }

    [Fact]
    public void Given_restarts_When_the_next_run_fails_too_Then_they_end()
    {
        var twice = After(new TransactionRestarted("run-1", 1, "It strayed."), new TransactionRestarted("run-2", 2, "It strayed."));
        Then(twice.Decide(Broken with { Run = "run-3" }), new TransactionRestarted("run-3", 3, "It strayed."));

        var raised = Assert.IsType<TransactionRaised>(Assert.Single(
            twice.Evolve(new TransactionRestarted("run-3", 3, "It strayed.")).Decide(Broken with { Run = "run-4" })));
        Assert.Contains("begun again 3 times", raised.Reason, StringComparison.Ordinal);
    }

    private static WatchedTransaction After(params IEvent[] events) => events.Aggregate(WatchedTransaction.Initial, (state, e) => state.Evolve(e));

    private static void Then(IReadOnlyList<IEvent> decided, params IEvent[] expected) => Assert.Equal(expected, decided);
}

using Atomic.EventSourcing;
using Xunit;

namespace Atomic.Testing.Scenarios;

/// <summary>The test language of deciders: <c>Given(events).When(decision).Then(events)</c>.</summary>
public static class Given<TState> where TState : IAggregate<TState>
{
    public static Situation Nothing => Events();

    public static Situation Events(params IEvent[] events) =>
        new(events.Aggregate(TState.Initial, (state, e) => state.Evolve(e)));

    public sealed record Situation(TState State)
    {
        public Outcome When(Func<TState, IReadOnlyList<IEvent>> decide) => new(State, decide(State));
    }

    public sealed record Outcome(TState Before, IReadOnlyList<IEvent> Decided)
    {
        public TState After => Decided.Aggregate(Before, (state, e) => state.Evolve(e));

        public void Then(params IEvent[] expected) => Assert.Equal<object>(expected, Decided);

        public void ThenRefused(string part) => Assert.Contains(part, Assert.IsAssignableFrom<IRefusal>(Assert.Single(Decided)).Reason, StringComparison.Ordinal);
    }
}

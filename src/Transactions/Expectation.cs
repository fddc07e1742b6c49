namespace Atomic.Transactions;

/// <summary>A fact that should come next about a step, and by when.</summary>
/// <param name="Since">Since when it is owed, in UTC.</param>
/// <param name="Limit">How long it may take.</param>
public sealed record Expectation(StepDefinition Step, Owed Owed, DateTime Since, TimeSpan Limit)
{
    /// <summary>What messages, starts of processes and the like may take beside a step's own policy.</summary>
    public static readonly TimeSpan Allowance = TimeSpan.FromSeconds(30);

    /// <summary>From when on the fact is late.</summary>
    public DateTime Due => Since + Limit;

    /// <summary>How long the fact may take: the waits and limited tries of the step's policy, a person's decision, and an allowance.</summary>
    /// <param name="patience">How long its coordinator waits for a try whose step declares no limit: one may go unanswered. Null when it waits for its end.</param>
    public static TimeSpan LimitOf(StepDefinition step, Owed owed, TimeSpan? patience)
    {
        var own = owed == Owed.Do && step.DecisionLimit is { } decision ? decision
            : step.Retry.Limit is null ? patience ?? TimeSpan.Zero
            : TimeSpan.Zero;
        return step.Retry.Total + Allowance + own;
    }

    /// <summary>The same once the step has been told what it waited for: all that is left is what its participant may take.</summary>
    /// <param name="patience">As for <see cref="LimitOf"/>.</param>
    public Expectation Answered(DateTime at, TimeSpan? patience) =>
        this with { Since = at > Since ? at : Since, Limit = LimitOf(Step with { DecisionLimit = null }, Owed, patience) };

    /// <summary>What a run waits for by the facts that are known of it. A parked step waits for a person, which is no fact to be late.</summary>
    /// <param name="patience">As for <see cref="LimitOf"/>.</param>
    public static IEnumerable<Expectation> Of(TransactionRun run, TimeSpan? patience) =>
        from expected in run.Expected()
        where run.StateOf(expected.Step.Name) != StepState.Parked
        select new Expectation(
            expected.Step, expected.Owed, run.OwedSince(expected.Step, expected.Owed), LimitOf(expected.Step, expected.Owed, patience));

    /// <summary>What a coordinator works on, by its status.</summary>
    /// <param name="definition">The one that the transaction's input makes.</param>
    /// <param name="patience">As for <see cref="LimitOf"/>.</param>
    public static IEnumerable<Expectation> Of(Definition definition, TransactionStatus status, TimeSpan? patience)
    {
        var last = status.Steps.Max(step => step.Ended) ?? 0;
        foreach (var (declared, known) in definition.Declared.Steps.Zip(status.Steps))
        {
            if (known.State is not (StepState.Running or StepState.Undoing)) continue;
            var owed = known.State == StepState.Running ? Owed.Do : Owed.Undo;
            var since = owed == Owed.Do ? known.Began ?? 0 : Math.Max(last, known.Began ?? 0);
            yield return new Expectation(declared, owed, status.StartedAt.AddMilliseconds(since), LimitOf(declared, owed, patience));
        }
    }
}

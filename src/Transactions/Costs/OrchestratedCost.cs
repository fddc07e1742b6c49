namespace Atomic.Transactions.Costs;

/// <summary>
/// Predicts what a transaction uses that an orchestrator coordinates. It goes through the run that the definition's own rule makes, with every
/// try answered at once; what is counted is what <see cref="TransactionRun"/> asks for.
/// </summary>
/// <param name="definition">The one that the transaction's input makes, or as it was declared.</param>
/// <param name="input">Null where there is none: then a step that writes to as many streams as its input says counts for the least.</param>
/// <param name="byCommand">Steps are commands on a queue with a reply, and not activities alone.</param>
public sealed class OrchestratedCost(Definition definition, object? input, CostBasis basis, bool byCommand)
{
    /// <param name="refused">The steps that the business refuses, should they be asked; none for a success.</param>
    public Usage Predict(IReadOnlyCollection<string> refused)
    {
        var run = new TransactionRun(definition, default);
        var used = new Usage(Orchestrations: 1, Timers: Timers()) + basis.Statement(concerned: 0);
        while (run.TakeOwed(default) is { Count: > 0 } owed)
        {
            foreach (var (step, what) in owed)
            {
                var fails = what == Owed.Do && refused.Contains(step.Name) && !definition.MustSucceed(step);
                used += Way(step, what) + (what == Owed.Undo ? StepCost.OfUndo(step, input, basis) : StepCost.OfDo(step, input, fails, basis));
                run.Hear(FactOf(step, what, fails), default);
            }
        }

        return used + new Usage(Activities: 1) + basis.Statement(concerned: 0);
    }

    /// <summary>How an act reaches its participant, and the answer the orchestrator.</summary>
    private Usage Way(StepDefinition step, Owed what)
    {
        var byMessage = Usage.Message() + Usage.Message() + new Usage(Raised: 1);
        if (what == Owed.Do && step.DecisionLimit is not null) return byMessage;
        return byCommand ? byMessage + new Usage(Activities: 1) : new Usage(Activities: 1);
    }

    // One durable timer stands for all limits of which none is earlier: the deadline's, then that of a try; and, since a person takes longer than
    // a try may, that of a decision and of the try after it.
    private int Timers()
    {
        var decides = definition.Steps.Any(step => step.DecisionLimit is not null);
        var limits = byCommand || definition.Steps.Any(step => step.Retry.Limit is not null);
        return (definition.Deadline is null ? 0 : 1) + (limits ? 1 : 0) + (decides ? limits ? 2 : 1 : 0);
    }

    private static Fact FactOf(StepDefinition step, Owed what, bool fails) => what == Owed.Undo
        ? new Fact(FactKind.Undone, step.Name, Act: Act.Undo)
        : new Fact(fails ? FactKind.Failed : FactKind.Succeeded, step.Name);
}

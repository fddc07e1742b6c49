using Atomic.Functions.Orchestration;
using Atomic.Transactions;
using Atomic.Transactions.Costs;

namespace Atomic.Functions.Costs;

/// <summary>What transactions use, predicted from their definitions and as it was measured, with its price.</summary>
public sealed class TransactionCosts(PriceList prices, CostBasis basis)
{
    /// <param name="definition">The one that the transaction's input makes.</param>
    /// <param name="measured">What is known of it so far.</param>
    public TransactionCost Of(Definition definition, object input, string coordination, TransactionStatus status, Usage measured)
    {
        var refused = definition.Declared.Steps.Zip(status.Steps).Where(each => each.Second.State == StepState.Refused).Select(each => each.First.Name).ToList();
        return new TransactionCost(
            measured.Activities, CostView.Of(measured, prices), CostView.Of(Predict(definition, input, coordination, refused), prices));
    }

    /// <summary>Of each coupling, the success and the refusal of each step that the business may refuse.</summary>
    public IEnumerable<PredictedCost> Of(Definition definition) =>
        from coordination in Coupling.All
        from step in definition.Steps.Where(step => CanBeRefused(definition, step)).Select(step => step.Name).Prepend(null)
        let used = Predict(definition, null, coordination, step is null ? [] : [step])
        select new PredictedCost(coordination, step, CostView.Of(used, prices));

    public Usage Predict(Definition definition, object? input, string coordination, IReadOnlyCollection<string> refused) => coordination switch
    {
        Coupling.Events => new ChoreographedCost(definition, input, basis).Predict(refused),
        _ => new OrchestratedCost(definition, input, basis, byCommand: coordination == Coupling.Commands).Predict(refused),
    };

    private static bool CanBeRefused(Definition definition, StepDefinition step) => step.CanBeRefused && !step.IsCommit && !definition.MustSucceed(step);
}

using Atomic.Functions.Definitions;
using Atomic.Transactions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Atomic.Functions.Orchestration;

/// <summary>Runs a transaction in the couplings <c>requests</c> and <c>commands</c>, under the version of its definition with which it was started.</summary>
public sealed class TransactionOrchestrator(TransactionCatalog catalog)
{
    [Function(nameof(RunTransaction))]
    public Task<TransactionStatus> RunTransaction([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var start = context.GetInput<TransactionStart>()!;
        return new TransactionCoordinator(context, catalog.Pinned(start.Definition, start.Version), start).RunAsync();
    }
}

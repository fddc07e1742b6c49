using Atomic.Transactions.Costs;

namespace Atomic.Functions.Costs;

/// <summary>What is used, as the HTTP API shows it. Read models and what asks about a transaction are counted apart, and not here.</summary>
/// <param name="StorageRequests">Of participants for the steps and their compensations, and of who watches to keep the row that shows it.</param>
/// <param name="MessagesSent">Commands, replies, facts, and the events of what was written.</param>
/// <param name="MessagesDelivered">Copies of these, one for each queue and subscription that takes them.</param>
/// <param name="BusOperations">Sends, receives and settlements.</param>
/// <param name="EngineOperations">Of the durable engine on Azure Storage; reckoned from activities, events and timers.</param>
/// <param name="Executions">Of functions, the one that takes the start included.</param>
public sealed record CostView(
    int StorageRequests, int MessagesSent, int MessagesDelivered, int BusOperations,
    int Activities, int OrchestratorRuns, int EngineOperations, int Executions, Price Price)
{
    public static CostView Of(Usage used, PriceList prices) => new(
        used.Requests, used.Sent, used.Delivered, used.BusOperations,
        used.Activities, used.OrchestratorRuns, used.EngineQueueOperations + used.EngineTableOperations, used.Executions, prices.Of(used));
}

/// <summary>What a transaction has used so far, beside what its definition says that it uses.</summary>
/// <param name="Predicted">For the way it has gone: to success, or refused where it was refused.</param>
public sealed record TransactionCost(int Activities, CostView Measured, CostView Predicted);

/// <summary>What a definition uses in a coupling, for one way in which it can end.</summary>
/// <param name="RefusedAt">The step that the business refuses; null for a success.</param>
public sealed record PredictedCost(string Coordination, string? RefusedAt, CostView Cost);

using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Transactions;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Http;

/// <summary>A transaction as the HTTP API shows it.</summary>
public sealed record TransactionView(
    string Id, string Definition, int Version, string Coordination, TransactionState State, DateTimeOffset StartedAt, DateTimeOffset? EndedAt,
    string? Reason, IReadOnlyList<StepStatus> Steps, object Output, TransactionCost Cost, IReadOnlyList<string> Tokens, string StatusUrl)
{
    public static string UrlOf(string id) => $"/api/transactions/{id}";

    public static TransactionView Of(OrchestrationMetadata instance, TransactionCatalog catalog)
    {
        var start = instance.ReadInputAs<TransactionStart>()!;
        var type = catalog.Pinned(start.Definition, start.Version);
        var status = instance.ReadCustomStatusAs<TransactionStatus>() ?? new TransactionRun(type.Definition).Status();
        var broken = instance.RuntimeStatus is OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
        return new TransactionView(
            instance.InstanceId, start.Definition, start.Version, start.Coordination,
            broken ? TransactionState.NeedsAttention : status.State,
            instance.CreatedAt,
            instance.IsCompleted ? instance.LastUpdatedAt : null,
            broken ? instance.FailureDetails?.ErrorMessage ?? $"Its orchestration was {instance.RuntimeStatus}." : status.Reason,
            status.Steps,
            type.Output(type.Restore(start.Input)),
            new TransactionCost(status.Activities),
            status.Tokens,
            UrlOf(instance.InstanceId));
    }
}

/// <summary>What a transaction has used so far.</summary>
public sealed record TransactionCost(int Activities);

using System.Text.Json.Serialization;
using Atomic.Functions.Access;
using Atomic.Functions.Costs;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Tracking;
using Atomic.Transactions;
using Atomic.Transactions.Costs;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Http;

/// <summary>A transaction as the HTTP API shows it.</summary>
public sealed record TransactionView(
    string Id, string Definition, int Version, string Coordination, TransactionState State, DateTimeOffset StartedAt, DateTimeOffset? EndedAt,
    string? Reason, IReadOnlyList<StepView> Steps, object Output, TransactionCost Cost, IReadOnlyList<string> Tokens, string StatusUrl)
{
    /// <summary>What should have been heard and was not; null while nothing is late.</summary>
    public OverdueStep? Overdue { get; init; }

    /// <summary>Its output is what was sent to start it.</summary>
    [JsonIgnore]
    public bool ShowsInput { get; init; }

    /// <summary>The transaction as the caller may see it.</summary>
    public TransactionView For(HttpRequest request) => ShowsInput ? this with { Output = Redacted.Unless(request, Output) } : this;

    public static string UrlOf(string id) => $"/api/transactions/{id}";

    /// <summary>A transaction that an orchestrator runs.</summary>
    /// <param name="tracked">How many requests it took to keep what is known to who watches.</param>
    public static TransactionView Of(OrchestrationMetadata instance, TransactionCatalog catalog, TransactionCosts costs, int tracked = 0)
    {
        var start = instance.ReadInputAs<TransactionStart>()!;
        var type = catalog.Pinned(start.Definition, start.Version);
        var input = type.Restore(start.Input);
        var definition = type.Definition.For(input);
        var status = instance.ReadCustomStatusAs<TransactionStatus>() ?? new TransactionRun(definition, instance.CreatedAt.UtcDateTime).Status();
        var used = (status.Used ?? Usage.None) + new Usage(Requests: tracked, Activities: status.Activities);
        var broken = instance.RuntimeStatus is OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
        return new TransactionView(
            instance.InstanceId, start.Definition, start.Version, start.Coordination,
            broken ? TransactionState.NeedsAttention : status.State,
            instance.CreatedAt,
            instance.IsCompleted || status.HasEnded ? status.LastStepAt ?? instance.LastUpdatedAt : null,
            broken ? instance.FailureDetails?.ErrorMessage ?? $"Its orchestration was {instance.RuntimeStatus}." : status.Reason,
            StepsOf(type.Definition, status),
            type.Output(input),
            costs.Of(definition, input, start.Coordination, status, used),
            status.Tokens,
            UrlOf(instance.InstanceId))
        {
            ShowsInput = type.GivesInput,
        };
    }

    /// <summary>A transaction as far as the tracker has heard of it.</summary>
    public static TransactionView Of(TransactionProgress progress, TransactionRun run, TransactionType type, TransactionCosts costs)
    {
        var (transaction, status) = (progress.Transaction, progress.Status ?? run.Status());
        var input = type.Restore(transaction.Input);
        return new TransactionView(
            transaction.Id, transaction.Definition, transaction.Version, transaction.Coordination, status.State,
            progress.StartedAt,
            status.State is TransactionState.Completed or TransactionState.Compensated ? progress.LastAt : null,
            status.Reason,
            StepsOf(type.Definition, status),
            type.Output(input),
            costs.Of(run.Definition, input, transaction.Coordination, status, progress.UsedBy(status)),
            status.Tokens,
            UrlOf(transaction.Id))
        {
            Overdue = progress.Overdue,
            ShowsInput = type.GivesInput,
        };
    }

    private static IReadOnlyList<StepView> StepsOf(Definition definition, TransactionStatus status) =>
        [.. definition.Steps.Zip(status.Steps, (step, known) => new StepView(
            step.Name, known.State, step.Participant, known.Attempts,
            At(status.StartedAt, known.Began), At(status.StartedAt, known.Ended), known.Reason)
        {
            Parked = known.Parked,
        })];

    private static DateTime? At(DateTime start, long? milliseconds) => milliseconds is { } since ? start.AddMilliseconds(since) : null;
}

/// <summary>A step as the HTTP API shows it.</summary>
/// <param name="Attempts">Tries of its do and its undo together.</param>
public sealed record StepView(
    string Name, StepState State, string Participant, int Attempts, DateTime? StartedAt, DateTime? EndedAt, string? Reason)
{
    /// <summary>Of a parked one: what stands still.</summary>
    [JsonIgnore]
    public Act? Parked { get; init; }
}

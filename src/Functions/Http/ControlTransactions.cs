using System.Text.Json;
using Atomic.Functions.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Http;

/// <summary>What a person wants of a running transaction.</summary>
public sealed class ControlTransactionsFunctions(TransactionControl control)
{
    [Function(nameof(CancelRunningTransaction))]
    public Task<IResult> CancelRunningTransaction(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/transactions/{id}/cancel")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var body = await Endpoint.ReadBodyAsync(request, cancellation);
        var asked = body.IsEmpty ? new Asked("unknown", null) : ClosedJson.Read<Asked>(body, a => a.Problems());
        return Accepted(request, await control.CancelAsync(client, id, asked with { By = Acting(request, asked.By) }, cancellation));
    });

    [Function(nameof(DecideApproval))]
    public Task<IResult> DecideApproval(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/transactions/{id}/approvals/{step}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        string step,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var decision = ClosedJson.Read<Decision>(await Endpoint.ReadBodyAsync(request, cancellation), d => d.Problems());
        return Accepted(request, await control.DecideAsync(client, id, step, decision with { By = Acting(request, decision.By) }, cancellation));
    });

    [Function(nameof(TellAwaitedEvent))]
    public Task<IResult> TellAwaitedEvent(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/transactions/{id}/events/{step}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        string step,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var body = await Endpoint.ReadBodyAsync(request, cancellation);
        return Accepted(request, await control.TellAsync(client, id, step, body, Acting(request, "unknown"), cancellation));
    });

    [Function(nameof(RetryParkedStep))]
    public Task<IResult> RetryParkedStep(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/transactions/{id}/steps/{step}/retry")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        string step,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var retry = ClosedJson.Read<RetryAsked>(await Endpoint.ReadBodyAsync(request, cancellation), r => r.Problems());
        return Accepted(request, await control.RetryAsync(client, id, step, retry with { By = Acting(request, retry.By) }, cancellation));
    });

    [Function(nameof(ResolveParkedStep))]
    public Task<IResult> ResolveParkedStep(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/transactions/{id}/steps/{step}/resolve")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        string step,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var resolution = ClosedJson.Read<Resolution>(await Endpoint.ReadBodyAsync(request, cancellation), r => r.Problems());
        return Accepted(request, await control.ResolveAsync(client, id, step, resolution with { By = Acting(request, resolution.By) }, cancellation));
    });

    [Function(nameof(RetryParkedTransactions))]
    public Task<IResult> RetryParkedTransactions(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/transactions/retry")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var bulk = ClosedJson.Read<BulkRetry>(await Endpoint.ReadBodyAsync(request, cancellation), b => b.Problems());
        return Endpoint.Json(await control.RetryAllAsync(client, bulk with { By = Acting(request, bulk.By) }, cancellation), StatusCodes.Status202Accepted);
    });

    private static string Acting(HttpRequest request, string given) => Caller.Of(request).ActsAs(given, given);

    private static IResult Accepted(HttpRequest request, TransactionView transaction) => Endpoint.Json(transaction.For(request), StatusCodes.Status202Accepted);
}

/// <summary>Who asks, and why.</summary>
public sealed record Asked(string By, string? Why = null)
{
    public IEnumerable<(string Field, string Problem)> Problems() => AskedText.Problems(By, Why);
}

public sealed record Decision(bool Approved, string By, string? Comment = null)
{
    public IEnumerable<(string Field, string Problem)> Problems() => AskedText.Problems(By, Comment, "comment");
}

/// <param name="Input">The corrected input of the transaction, for this step alone.</param>
public sealed record RetryAsked(string By, string? Why = null, JsonElement? Input = null)
{
    public IEnumerable<(string Field, string Problem)> Problems() => AskedText.Problems(By, Why);
}

/// <param name="Outcome"><c>done</c> or <c>undone</c>; needed where it is unknown whether the step was done.</param>
public sealed record Resolution(string By, string? Why = null, string? Outcome = null)
{
    public IEnumerable<(string Field, string Problem)> Problems() => Outcome is null or "done" or "undone"
        ? AskedText.Problems(By, Why)
        : AskedText.Problems(By, Why).Append(("outcome", "must be done or undone."));
}

/// <param name="DryRun">Only say which ones it would be.</param>
/// <param name="Continuation">Where an earlier answer left off.</param>
/// <param name="PageSize">How many transactions are gone through at once.</param>
public sealed record BulkRetry(
    ParkedFilter Filter, string By, string? Why = null, bool DryRun = false, string? Continuation = null, int PageSize = BulkRetry.LargestPage)
{
    public const int LargestPage = 100;

    public IEnumerable<(string Field, string Problem)> Problems() => PageSize is >= 1 and <= LargestPage
        ? AskedText.Problems(By, Why)
        : AskedText.Problems(By, Why).Append(("pageSize", $"is {PageSize} and must be 1 to {LargestPage}: a bulk act is carried out a page at a time."));
}

/// <summary>Which parked transactions; what is left out does not narrow.</summary>
/// <param name="From">Of those that began then or later.</param>
/// <param name="To">Of those that began then or earlier.</param>
public sealed record ParkedFilter(
    string? Definition = null, string? Coordination = null, string? Step = null, DateTimeOffset? From = null, DateTimeOffset? To = null);

internal static class AskedText
{
    private const int LongestName = 100;
    private const int LongestText = 500;

    public static IEnumerable<(string Field, string Problem)> Problems(string by, string? why, string field = "why")
    {
        if (string.IsNullOrWhiteSpace(by) || by.Length > LongestName) yield return ("by", $"has {by.Length} characters and must have 1 to {LongestName}.");
        if (why?.Length > LongestText) yield return (field, $"has {why.Length} characters and may have at most {LongestText}.");
    }
}

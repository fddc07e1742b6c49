using Atomic.Functions.Tracking;
using Atomic.Transactions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Http;

/// <summary>Starting transactions, and how they stand.</summary>
public sealed class TransactionsFunctions(
    TransactionStarter starter, TransactionReader reader, TransactionSearch search, TimelineReader timelines)
{
    [Function(nameof(StartTransaction))]
    public Task<IResult> StartTransaction(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/transactions/{definition}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string definition,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var body = await Endpoint.ReadBodyAsync(request, cancellation);
        var key = request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } given ? given : null;
        var transaction = (await starter.StartAsync(client, definition, request.Query("coordination"), key, body, cancellation)).For(request);
        request.HttpContext.Response.Headers.Location = transaction.StatusUrl;
        if (transaction.EndedAt is not null) return Endpoint.Json(transaction);
        request.HttpContext.Response.Headers.RetryAfter = "1";
        return Endpoint.Json(transaction, StatusCodes.Status202Accepted);
    });

    [Function(nameof(GetTransaction))]
    public Task<IResult> GetTransaction(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/transactions/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var found = await reader.FindTrackedAsync(client, id, fresh: false, cancellation) ?? throw ProblemException.NotFound($"Transaction '{id}'");
        return Endpoint.Json(found.View.For(request));
    });

    [Function(nameof(ListTransactions))]
    public Task<IResult> ListTransactions(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/transactions")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        Endpoint.RequireKnown(request, TransactionQuery.Parameters);
        var page = await search.ListAsync(client, TransactionQuery.Of(request), Endpoint.PageSize(request), request.Query("continuation"), cancellation);
        return Endpoint.Json(new { items = page.Items.Select(item => item.For(request)), continuation = page.Continuation });
    });

    [Function(nameof(GetTimeline))]
    public Task<IResult> GetTimeline(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/transactions/{id}/timeline")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var found = await reader.FindTrackedAsync(client, id, fresh: true, cancellation) ?? throw ProblemException.NotFound($"Transaction '{id}'");
        return Endpoint.Json(await timelines.ReadAsync(found, cancellation));
    });
}

/// <summary>A list's filter as a query says it.</summary>
internal static class TransactionQuery
{
    public static readonly string[] Parameters = ["state", "definition", "coordination", "from", "to", "key", "text", "pageSize", "continuation"];

    public static TransactionFilter Of(HttpRequest request) => new(
        request.Query("state") is { } state
            ? Enum.TryParse<TransactionState>(state, out var parsed) && Enum.IsDefined(parsed)
                ? parsed
                : throw ProblemException.Invalid("state", $"must be one of {string.Join(", ", Enum.GetNames<TransactionState>())}.")
            : null,
        request.Query("definition"),
        request.Query("coordination"),
        Time(request, "from"),
        Time(request, "to"),
        request.Query("key"),
        request.Query("text"));

    private static DateTimeOffset? Time(HttpRequest request, string name) => request.Query(name) switch
    {
        null => null,
        var text when DateTimeOffset.TryParse(
            text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time) => time,
        _ => throw ProblemException.Invalid(name, "must be a time of ISO 8601, as in 2030-01-31T12:00:00Z."),
    };
}

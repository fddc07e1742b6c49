using Atomic.Functions.Overview;
using Atomic.Services;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Http;

/// <summary>Orders across all services, each asked over HTTP.</summary>
public sealed class OverviewFunctions(OrderOverviews overviews, ConsistencyTokens tokens)
{
    private const int MostOrders = 20;

    [Function(nameof(GetOrderOverview))]
    public Task<IResult> GetOrderOverview(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/overview/orders/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        if (Id.Problem(id) is { } problem) throw ProblemException.Invalid("id", problem);
        await tokens.ReadAsync(request, cancellation);
        return Endpoint.Json(await overviews.FindAsync(id, TokensOf(request), cancellation));
    });

    [Function(nameof(ListOrderOverviews))]
    public Task<IResult> ListOrderOverviews(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/overview/orders")] HttpRequest request,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        Endpoint.RequireKnown(request, ["customerId", "state", "pageSize", "continuation"]);
        var size = request.Query("pageSize") is null ? MostOrders : Endpoint.PageSize(request);
        if (size > MostOrders) throw ProblemException.Invalid("pageSize", $"may be at most {MostOrders}: each order asks the services.");
        await tokens.ReadAsync(request, cancellation);
        var query = QueryString.Create([.. request.Query.Where(each => each.Key != "pageSize").SelectMany(each => each.Value, (each, value) => KeyValuePair.Create(each.Key, value)), KeyValuePair.Create("pageSize", (string?)$"{size}")]);
        var (items, continuation, orders) = await overviews.ListAsync(query.ToString(), TokensOf(request), cancellation);
        return Endpoint.Json(new { items, continuation, reason = orders.Reason });
    });

    private static string? TokensOf(HttpRequest request) => request.Headers[ConsistencyTokens.Header].ToString() is { Length: > 0 } given ? given : null;
}

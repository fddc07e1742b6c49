using Atomic.EventSourcing;
using Atomic.Services;
using Microsoft.AspNetCore.Http;

namespace Atomic.Functions.Http;

/// <summary>Answers from read models: one row with its ETag, or a page of rows.</summary>
internal static class Reads
{
    /// <summary>Header of an answer: the places in streams that it shows.</summary>
    public const string AsOf = "As-Of";

    /// <summary>Header of an answer to a request that wants it: by how many events it is behind its stream.</summary>
    public const string Lag = "Lag-Events";

    /// <summary>Header of a request that wants to know how far the answer is behind, which costs a read of the stream's head.</summary>
    public const string LagWanted = "Lag-Wanted";

    public static Task<IResult> FindAsync<TProjection, TState, TRow>(
        HttpRequest request, string id, Projector<TProjection, TState, TRow> rows, ConsistencyTokens tokens, CancellationToken cancellation)
        where TProjection : IProjection<TState, TRow>
        where TState : IAggregate<TState>
        where TRow : class => Endpoint.AnswerAsync(async () =>
    {
        if (Id.Problem(id) is { } problem) throw ProblemException.Invalid("id", problem);
        var row = await rows.FindAsync(id, await tokens.ReadAsync(request, cancellation), cancellation)
            ?? throw ProblemException.NotFound($"'{id}'");
        Show(request, [row]);
        if (request.Headers.ContainsKey(LagWanted))
            request.HttpContext.Response.Headers[Lag] = $"{Math.Max(0, await rows.HeadOfAsync(id, cancellation) - row.AppliedOf(new StreamId(TState.Category, id)))}";
        var etag = $"\"{row.Applied.Values.Sum()}\"";
        request.HttpContext.Response.Headers.ETag = etag;
        return request.Headers.IfNoneMatch.Contains(etag)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Endpoint.Json(row.Data);
    });

    public static Task<IResult> ListAsync<TProjection, TState, TRow>(
        HttpRequest request,
        Projector<TProjection, TState, TRow> rows,
        IReadOnlyList<string> filters,
        ConsistencyTokens tokens,
        CancellationToken cancellation)
        where TProjection : IProjection<TState, TRow>
        where TState : IAggregate<TState>
        where TRow : class => Endpoint.AnswerAsync(async () =>
    {
        Endpoint.RequireKnown(request, [.. filters, "pageSize", "continuation"]);
        var columns = filters.Where(name => request.Query(name) is not null)
            .ToDictionary(name => char.ToUpperInvariant(name[0]) + name[1..], name => request.Query(name)!);
        var shown = await tokens.ReadAsync(request, cancellation);
        var page = await rows.ListAsync(columns, Endpoint.PageSize(request), request.Query("continuation"), shown, cancellation);
        Show(request, page.Items);
        return Endpoint.Json(new { items = page.Items.Select(row => row.Data), continuation = page.Continuation });
    });

    /// <summary>A folder of a view: its summary, and a page of its items.</summary>
    public static Task<IResult> FolderAsync<TView, TItem, TSummary>(
        HttpRequest request, string id, ViewProjector<TView, TItem, TSummary> folders, ConsistencyTokens tokens, CancellationToken cancellation)
        where TView : IView<TItem, TSummary>
        where TItem : class
        where TSummary : class => Endpoint.AnswerAsync(async () =>
    {
        if (Id.Problem(id) is { } problem) throw ProblemException.Invalid("id", problem);
        var shown = await tokens.ReadAsync(request, cancellation);
        var summary = await folders.FindAsync(id, shown, cancellation) ?? throw ProblemException.NotFound($"'{id}'");
        var page = await folders.ListAsync(id, Endpoint.PageSize(request), request.Query("continuation"), [], cancellation);
        return Endpoint.Json(new { id, summary = summary.Data, items = page.Items.Select(item => item.Data), continuation = page.Continuation });
    });

    private static void Show<TRow>(HttpRequest request, IEnumerable<Row<TRow>> rows) where TRow : class =>
        request.HttpContext.Response.Headers[AsOf] = string.Join(", ", rows.SelectMany(row => row.Applied).Select(applied => $"{applied.Key}@{applied.Value}"));
}

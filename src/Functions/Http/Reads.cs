using Atomic.EventSourcing;
using Atomic.Services;
using Microsoft.AspNetCore.Http;

namespace Atomic.Functions.Http;

/// <summary>Answers from read models: one row with its ETag, or a page of rows.</summary>
internal static class Reads
{
    public static Task<IResult> FindAsync<TProjection, TState, TRow>(
        HttpRequest request, string id, Projector<TProjection, TState, TRow> rows, ConsistencyTokens tokens, CancellationToken cancellation)
        where TProjection : IProjection<TState, TRow>
        where TState : IAggregate<TState>
        where TRow : class => Endpoint.AnswerAsync(async () =>
    {
        if (Id.Problem(id) is { } problem) throw ProblemException.Invalid("id", problem);
        var row = await rows.FindAsync(id, await tokens.ReadAsync(request, cancellation), cancellation)
            ?? throw ProblemException.NotFound($"'{id}'");
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
        string[] known = [.. filters, "pageSize", "continuation"];
        var unknown = request.Query.Keys.Where(name => !known.Contains(name)).ToList();
        if (unknown.Count > 0)
            throw ProblemException.Invalid(unknown.Select(name => (name, $"is unknown; there are: {string.Join(", ", known)}.")));

        var columns = filters.Where(name => request.Query(name) is not null)
            .ToDictionary(name => char.ToUpperInvariant(name[0]) + name[1..], name => request.Query(name)!);
        var shown = await tokens.ReadAsync(request, cancellation);
        var page = await rows.ListAsync(columns, Endpoint.PageSize(request), request.Query("continuation"), shown, cancellation);
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
}

using System.Security.Cryptography;
using System.Text;
using Atomic.EventSourcing;
using Atomic.Functions.Personal;
using Atomic.Services;
using Microsoft.AspNetCore.Http;

namespace Atomic.Functions.Http;

/// <summary>What reads need at the edge of the app: the tokens that come in, and the personal data that go out.</summary>
public sealed record ReadEdge(ConsistencyTokens Tokens, PersonalData Personal);

/// <summary>Answers from read models: one row with its ETag, or a page of rows.</summary>
internal static class Reads
{
    /// <summary>Header of an answer: the places in streams that it shows.</summary>
    public const string AsOf = "As-Of";

    /// <summary>Header of an answer to a request that wants it: by how many events each of its rows is behind its stream.</summary>
    public const string Lag = "Lag-Events";

    /// <summary>Header of a request that wants to know how far the answer is behind, which costs a read of the stream's head.</summary>
    public const string LagWanted = "Lag-Wanted";

    public static Task<IResult> FindAsync<TProjection, TState, TRow>(
        HttpRequest request,
        string id,
        Projector<TProjection, TState, TRow> rows,
        ReadEdge edge,
        CancellationToken cancellation)
        where TProjection : IProjection<TState, TRow>
        where TState : IAggregate<TState>
        where TRow : class => Endpoint.AnswerAsync(async () =>
    {
        if (Id.Problem(id) is { } problem) throw ProblemException.Invalid("id", problem);
        var row = await rows.FindAsync(id, await edge.Tokens.ReadAsync(request, cancellation), cancellation)
            ?? throw ProblemException.NotFound($"'{id}'");
        Show(request, [row]);
        await ShowLagAsync(request, rows, [row], cancellation);
        var answer = await edge.Personal.OpenAsync(row.Data, cancellation);
        var etag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(answer.GetRawText())).AsSpan(0, 8))}\"";
        request.HttpContext.Response.Headers.ETag = etag;
        return request.Headers.IfNoneMatch.Contains(etag)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Endpoint.Json(answer);
    });

    public static Task<IResult> ListAsync<TProjection, TState, TRow>(
        HttpRequest request,
        Projector<TProjection, TState, TRow> rows,
        IReadOnlyList<string> filters,
        ReadEdge edge,
        CancellationToken cancellation)
        where TProjection : IProjection<TState, TRow>
        where TState : IAggregate<TState>
        where TRow : class => Endpoint.AnswerAsync(async () =>
    {
        Endpoint.RequireKnown(request, [.. filters, "pageSize", "continuation"]);
        var columns = filters.Where(name => request.Query(name) is not null)
            .ToDictionary(name => char.ToUpperInvariant(name[0]) + name[1..], name => request.Query(name)!);
        var shown = await edge.Tokens.ReadAsync(request, cancellation);
        var page = await rows.ListAsync(columns, Endpoint.PageSize(request), request.Query("continuation"), shown, cancellation);
        Show(request, page.Items);
        await ShowLagAsync(request, rows, page.Items, cancellation);
        return Endpoint.Json(await edge.Personal.OpenAsync(new { items = page.Items.Select(row => row.Data), continuation = page.Continuation }, cancellation));
    });

    /// <summary>A folder of a view: its summary, and a page of its items.</summary>
    public static Task<IResult> FolderAsync<TView, TItem, TSummary>(
        HttpRequest request, string id, ViewProjector<TView, TItem, TSummary> folders, ReadEdge edge, CancellationToken cancellation)
        where TView : IView<TItem, TSummary>
        where TItem : class
        where TSummary : class => Endpoint.AnswerAsync(async () =>
    {
        if (Id.Problem(id) is { } problem) throw ProblemException.Invalid("id", problem);
        var shown = await edge.Tokens.ReadAsync(request, cancellation);
        var summary = await folders.FindAsync(id, shown, cancellation) ?? throw ProblemException.NotFound($"'{id}'");
        var page = await folders.ListAsync(id, Endpoint.PageSize(request), request.Query("continuation"), [], cancellation);
        return Endpoint.Json(new { id, summary = summary.Data, items = page.Items.Select(item => item.Data), continuation = page.Continuation });
    });

    private static async Task ShowLagAsync<TProjection, TState, TRow>(
        HttpRequest request, Projector<TProjection, TState, TRow> rows, IReadOnlyList<Row<TRow>> shown, CancellationToken cancellation)
        where TProjection : IProjection<TState, TRow>
        where TState : IAggregate<TState>
        where TRow : class
    {
        if (!request.Headers.ContainsKey(LagWanted)) return;
        var lags = await Task.WhenAll(shown.Select(row => rows.LagOfAsync(row, cancellation)));
        request.HttpContext.Response.Headers[Lag] = string.Join(", ", lags);
    }

    private static void Show<TRow>(HttpRequest request, IEnumerable<Row<TRow>> rows) where TRow : class =>
        request.HttpContext.Response.Headers[AsOf] = string.Join(", ", rows.SelectMany(row => row.Applied).Select(applied => $"{applied.Key}@{applied.Value}"));
}

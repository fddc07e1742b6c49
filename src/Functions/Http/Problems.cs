using System.Diagnostics;
using Atomic.EventSourcing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Atomic.Functions.Http;

/// <summary>A request that cannot be answered as asked, with the status and the sentence that say why (RFC 9457).</summary>
public sealed class ProblemException(int status, string title, string detail, IReadOnlyDictionary<string, string[]>? errors = null)
    : Exception(detail)
{
    public int Status { get; } = status;

    public string Title { get; } = title;

    public IReadOnlyDictionary<string, string[]>? Errors { get; } = errors;

    public static ProblemException Invalid(string field, string problem) =>
        Invalid([(field, problem)]);

    public static ProblemException Invalid(IEnumerable<(string Field, string Problem)> problems)
    {
        var errors = problems.GroupBy(p => p.Field).ToDictionary(group => group.Key, group => group.Select(p => p.Problem).ToArray());
        return new ProblemException(
            StatusCodes.Status400BadRequest, "The request is not valid.",
            string.Join(" ", errors.Select(error => $"{error.Key}: {string.Join(" ", error.Value)}")), errors);
    }

    /// <summary>404 when the stream of a token or a request does not exist, 409 when it has not come so far.</summary>
    public static ProblemException Missing(MissingEventsException e) => e.Actual == 0
        ? new ProblemException(StatusCodes.Status404NotFound, "No such stream.", e.Message)
        : new ProblemException(StatusCodes.Status409Conflict, "The stream has not come so far.", e.Message);

    public static ProblemException NotFound(string what) =>
        new(StatusCodes.Status404NotFound, "Not found.", $"{what} does not exist.");
}

internal static class ProblemAnswers
{
    public static IResult ToResult(this ProblemException problem)
    {
        var extensions = new Dictionary<string, object?> { ["traceId"] = Activity.Current?.TraceId.ToString() };
        if (problem.Errors is not null) extensions["errors"] = problem.Errors;
        return Results.Problem(new ProblemDetails
        {
            Type = "about:blank",
            Title = problem.Title,
            Status = problem.Status,
            Detail = problem.Message,
            Extensions = extensions,
        });
    }
}

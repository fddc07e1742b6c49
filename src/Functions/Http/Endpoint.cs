using Atomic.EventSourcing;
using Microsoft.AspNetCore.Http;

namespace Atomic.Functions.Http;

/// <summary>What every HTTP function does around its own few lines: bounded bodies, and problems as answers.</summary>
internal static class Endpoint
{
    public const int MaxBody = 256 * 1024;

    public static async Task<IResult> AnswerAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (ProblemException problem)
        {
            return problem.ToResult();
        }
        catch (MissingEventsException e)
        {
            return ProblemException.Missing(e).ToResult();
        }
        catch (BlockedRowException e)
        {
            return new ProblemException(StatusCodes.Status503ServiceUnavailable, "The row stands still.", e.Message).ToResult();
        }
        catch (ContinuationException e)
        {
            return ProblemException.Invalid("continuation", e.Message).ToResult();
        }
        catch (BadHttpRequestException e)
        {
            return new ProblemException(e.StatusCode, "The request is not valid.", e.Message).ToResult();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new FailedAnswer(e);
        }
    }

    /// <exception cref="ProblemException">413 when the body is over 256 KiB.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > MaxBody) throw TooLarge();
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellation)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > MaxBody) throw TooLarge();
        }

        return body.ToArray();

        static ProblemException TooLarge() =>
            new(StatusCodes.Status413PayloadTooLarge, "The body is too large.", $"A body may have at most {MaxBody} bytes.");
    }

    /// <exception cref="ProblemException">400 when the query has a parameter that is not <paramref name="known"/>.</exception>
    public static void RequireKnown(HttpRequest request, IReadOnlyCollection<string> known)
    {
        var unknown = request.Query.Keys.Where(name => !known.Contains(name)).ToList();
        if (unknown.Count > 0)
            throw ProblemException.Invalid(unknown.Select(name => (name, $"is unknown; there are: {string.Join(", ", known)}.")));
    }

    /// <summary>A page size between 1 and 200, 50 when none is asked for.</summary>
    public static int PageSize(HttpRequest request)
    {
        var text = request.Query["pageSize"].ToString();
        if (text.Length == 0) return 50;
        return int.TryParse(text, out var size) && size is >= 1 and <= 200
            ? size
            : throw ProblemException.Invalid("pageSize", "must be a whole number from 1 to 200.");
    }

    public static string? Query(this HttpRequest request, string name) =>
        request.Query[name].ToString() is { Length: > 0 } value ? value : null;

    public static IResult Json(object value, int status = StatusCodes.Status200OK) =>
        Results.Json(value, StorageJson.Options, statusCode: status);
}

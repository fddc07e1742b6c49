using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Atomic.LocalHost.Runtime.Http;

/// <summary>What the host itself has to say about a request, as problem details (RFC 9457).</summary>
internal static class ProblemAnswer
{
    // For people to read, and never part of a page.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        context.Response.ContentLength = null;
        return context.Response.WriteAsync(JsonSerializer.Serialize(new
        {
            type = "about:blank",
            title = $"{ReasonPhrases.GetReasonPhrase(status)}.",
            status,
            detail,
            traceId = Activity.Current?.TraceId.ToString(),
        }, Readable));
    }
}

using System.Globalization;
using Atomic.EventSourcing;
using Atomic.TableStorage.Tables;
using Azure.Messaging.ServiceBus;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Http;

/// <summary>The answer when something failed that is not the request's: what it was is logged, and not told.</summary>
internal sealed class FailedAnswer(Exception failure) : IResult
{
    /// <summary>After how many seconds another try is worth its while.</summary>
    private const int RetryAfter = 5;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var logger = httpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger<FailedAnswer>();
        Logs.RequestFailed(logger, httpContext.Request.Method, httpContext.Request.Path, failure);
        if (Unavailable(failure) is not { } what)
        {
            var detail = "The app failed to answer; its log says how, under the trace id.";
            return new ProblemException(StatusCodes.Status500InternalServerError, "It failed.", detail).ToResult().ExecuteAsync(httpContext);
        }

        httpContext.Response.Headers.RetryAfter = RetryAfter.ToString(CultureInfo.InvariantCulture);
        return new ProblemException(StatusCodes.Status503ServiceUnavailable, "It cannot be had just now.", $"{what}; try again.")
            .ToResult().ExecuteAsync(httpContext);
    }

    /// <summary>What another try may find well again, in words; null when it is nothing of the kind.</summary>
    private static string? Unavailable(Exception failure) => failure switch
    {
        TableStorageException { Status: 0 or StatusCodes.Status408RequestTimeout or StatusCodes.Status429TooManyRequests or >= 500 } =>
            "Table Storage does not answer",
        ServiceBusException { IsTransient: true } => "The broker does not answer",
        ContendedRowException => "Others write the same row all the time",
        _ => null,
    };
}

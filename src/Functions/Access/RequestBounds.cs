using Atomic.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Atomic.Functions.Access;

/// <summary>
/// Stands before every function that is called over HTTP: as many run as an instance does well, as many again wait, and who comes then is told
/// when to come again. The Functions host has bounds of its own, further out, and tells nobody.
/// </summary>
public sealed class RequestBounds : IFunctionsWorkerMiddleware, IDisposable
{
    /// <summary>How many run at a time. Flex Consumption adds an instance at as many.</summary>
    public const int MostAtOnce = 100;

    /// <summary>How many run or wait.</summary>
    public const int MostOutstanding = 200;

    private static readonly ProblemException TooMany = new(
        StatusCodes.Status429TooManyRequests, "Too many requests.", $"{MostOutstanding} requests are under way here, which is as many as may be: try again in a second.");

    private readonly SemaphoreSlim _places = new(MostAtOnce);
    private int _outstanding;

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        context.GetHttpContext() is { } http ? PassAsync(context, http, next) : next(context);

    public void Dispose() => _places.Dispose();

    private async Task PassAsync(FunctionContext context, HttpContext http, FunctionExecutionDelegate next)
    {
        try
        {
            if (Interlocked.Increment(ref _outstanding) > MostOutstanding) await TurnAwayAsync(http);
            else await TakeTurnAsync(context, http, next);
        }
        finally
        {
            Interlocked.Decrement(ref _outstanding);
        }
    }

    private async Task TakeTurnAsync(FunctionContext context, HttpContext http, FunctionExecutionDelegate next)
    {
        await _places.WaitAsync(http.RequestAborted);
        try
        {
            await next(context);
        }
        finally
        {
            _places.Release();
        }
    }

    private static Task TurnAwayAsync(HttpContext http)
    {
        Authorization.SetHeaders(http.Response.Headers);
        http.Response.Headers.RetryAfter = "1";
        return TooMany.ToResult().ExecuteAsync(http);
    }
}

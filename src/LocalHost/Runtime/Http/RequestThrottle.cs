using Atomic.LocalHost.Runtime.Settings;
using Microsoft.AspNetCore.Http;

namespace Atomic.LocalHost.Runtime.Http;

/// <summary><c>maxConcurrentRequests</c> run, the rest of <c>maxOutstandingRequests</c> wait, and what comes then is turned away.</summary>
internal sealed class RequestThrottle(HttpSettings settings) : IDisposable
{
    private readonly int _mostOutstanding = settings.MaxOutstandingRequests ?? int.MaxValue;
    private readonly SemaphoreSlim? _places = settings.MaxConcurrentRequests is { } most ? new SemaphoreSlim(most) : null;
    private int _outstanding;

    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            if (Interlocked.Increment(ref _outstanding) > _mostOutstanding) await TurnAwayAsync(context);
            else if (_places is null) await next(context);
            else await TakeTurnAsync(_places, context, next);
        }
        finally
        {
            Interlocked.Decrement(ref _outstanding);
        }
    }

    public void Dispose() => _places?.Dispose();

    private static async Task TakeTurnAsync(SemaphoreSlim places, HttpContext context, RequestDelegate next)
    {
        await places.WaitAsync(context.RequestAborted);
        try
        {
            await next(context);
        }
        finally
        {
            places.Release();
        }
    }

    private Task TurnAwayAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return ProblemAnswer.WriteAsync(
            context, StatusCodes.Status429TooManyRequests, $"{_mostOutstanding} requests are under way, which is as many as maxOutstandingRequests allows.");
    }
}

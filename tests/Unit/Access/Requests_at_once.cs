using Atomic.Functions.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Atomic.Unit.Access;

/// <summary>How many requests one instance takes at a time, whichever host it runs on.</summary>
public sealed class Requests_at_once : IDisposable
{
    private static readonly IServiceProvider Services = new ServiceCollection().AddLogging().BuildServiceProvider();

    private readonly RequestBounds _bounds = new();
    private readonly TaskCompletionSource _done = new();
    private int _running;

    public void Dispose() => _bounds.Dispose();

    [Fact]
    public async Task Wait_for_their_turn_and_beyond_that_are_told_when_to_come_again()
    {
        var calls = Enumerable.Range(0, RequestBounds.MostOutstanding).Select(_ => CallAsync().Answered).ToList();
        Assert.Equal(RequestBounds.MostAtOnce, _running);

        var (http, answered) = CallAsync();
        await answered;

        Assert.Equal((429, "1"), (http.Response.StatusCode, http.Response.Headers.RetryAfter.ToString()));
        Assert.Equal("nosniff", http.Response.Headers.XContentTypeOptions.ToString());
        Assert.Equal("application/problem+json", http.Response.ContentType);

        _done.SetResult();
        await Task.WhenAll(calls);
        Assert.Equal(RequestBounds.MostOutstanding, _running);
    }

    [Fact]
    public async Task Leave_their_place_when_they_fail_or_are_given_up()
    {
        _done.SetException(new InvalidOperationException());
        for (var i = 0; i <= RequestBounds.MostOutstanding; i++) await Assert.ThrowsAsync<InvalidOperationException>(() => CallAsync().Answered);

        Assert.Equal(RequestBounds.MostOutstanding + 1, _running);
    }

    // What waits for messages or timers has bounds of its own.
    [Fact]
    public async Task Do_not_hold_up_what_is_triggered_otherwise()
    {
        var calls = Enumerable.Range(0, RequestBounds.MostOutstanding).Select(_ => CallAsync().Answered).ToList();
        var reached = false;

        await _bounds.Invoke(Call.Context("TendProjections", null), _ =>
        {
            reached = true;
            return Task.CompletedTask;
        });

        Assert.True(reached);
        _done.SetResult();
        await Task.WhenAll(calls);
    }

    private (HttpContext Http, Task Answered) CallAsync()
    {
        var http = new DefaultHttpContext { RequestServices = Services };
        return (http, _bounds.Invoke(Call.Context("GetFlows", http), _ =>
        {
            Interlocked.Increment(ref _running);
            return _done.Task;
        }));
    }
}

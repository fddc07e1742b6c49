using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.TableStorage.Tables;
using Atomic.Unit.ServiceBus;
using Azure.Messaging.ServiceBus;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using Endpoint = Atomic.Functions.Http.Endpoint;

namespace Atomic.Unit.Http;

/// <summary>Under hosts that make nothing of an exception as well, an answer is a problem document.</summary>
public sealed class Answers_to_what_fails
{
    public static TheoryData<string> Unavailable => ["storage", "silent storage", "broker", "contended row"];

    [Theory]
    [MemberData(nameof(Unavailable))]
    public async Task Storage_or_broker_that_is_down_is_503_and_when_to_try_again(string what)
    {
        var (context, problem) = await AnswerAsync(FailureOf(what));

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, context.Response.StatusCode);
        Assert.True(int.Parse(context.Response.Headers.RetryAfter.ToString(), CultureInfo.InvariantCulture) > 0);
        Assert.Equal(503, problem.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Anything_else_is_500_with_a_trace_and_says_nothing_of_the_inside()
    {
        using var activity = new Activity("request").Start();

        var (context, problem) = await AnswerAsync(new InvalidOperationException("secret-host.example is wrong"));

        Assert.Equal((500, "application/problem+json"), (context.Response.StatusCode, context.Response.ContentType!.Split(';')[0]));
        Assert.Equal(activity.TraceId.ToString(), problem.GetProperty("traceId").GetString());
        Assert.DoesNotContain("secret-host", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", problem.ToString(), StringComparison.Ordinal);
        Assert.Empty(context.Response.Headers.RetryAfter.ToString());
    }

    [Fact]
    public async Task A_refusal_of_the_storage_is_no_matter_of_time() => Assert.Equal(
        500, (await AnswerAsync(new TableStorageException("t", "read", 403, "AuthorizationFailure", new IOException()))).Context.Response.StatusCode);

    [Fact]
    public async Task A_body_that_breaks_off_is_the_callers() =>
        Assert.Equal(400, (await AnswerAsync(new BadHttpRequestException("Unexpected end of request content.", 400))).Context.Response.StatusCode);

    [Fact]
    public async Task A_call_that_was_given_up_is_left_to_the_host() => await Assert.ThrowsAsync<OperationCanceledException>(
        () => Endpoint.AnswerAsync(() => throw new OperationCanceledException()));

    [Fact]
    public async Task What_failed_is_logged()
    {
        var log = new CollectedLog();

        await AnswerAsync(new InvalidOperationException("No."), log.Factory);

        Assert.Contains(log.Lines, line => line.Contains("GET /api/projections failed.", StringComparison.Ordinal));
    }

    private static Exception FailureOf(string what) => what switch
    {
        "storage" => new TableStorageException("t", "read", 503, "ServerBusy", new IOException()),
        "silent storage" => new TableStorageException("t", "read", 0, null, new IOException()),
        "broker" => new ServiceBusException("It is busy.", ServiceBusFailureReason.ServiceBusy),
        _ => new ContendedRowException("t", "tea"),
    };

    private static async Task<(HttpContext Context, JsonElement Problem)> AnswerAsync(Exception failure, ILoggerFactory? logs = null)
    {
        await using var services = new ServiceCollection().AddSingleton(logs ?? NullLoggerFactory.Instance).AddLogging().BuildServiceProvider();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services, Request = { Method = "GET", Path = "/api/projections" }, Response = { Body = body } };
        var answer = await Endpoint.AnswerAsync(() => throw failure);
        await answer.ExecuteAsync(context);
        return (context, JsonSerializer.Deserialize<JsonElement>(body.ToArray()));
    }
}

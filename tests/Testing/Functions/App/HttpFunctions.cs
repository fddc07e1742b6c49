using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Testing.Functions.App;

/// <summary>Functions that answer requests, in each way there is.</summary>
public sealed class HttpFunctions(Journal journal, Scope scope)
{
    [Function(nameof(Echo))]
    public async Task<IResult> Echo(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "echo/{text}")] HttpRequest request, string text, CancellationToken cancellation)
    {
        using var body = new StreamReader(request.Body);
        return Results.Json(new { text, query = request.Query["q"].ToString(), method = request.Method, body = await body.ReadToEndAsync(cancellation) });
    }

    [Function(nameof(EchoNumber))]
    public IResult EchoNumber([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "numbers/{number:int:min(10)}")] HttpRequest request, int number) =>
        Results.Json(number);

    [Function(nameof(EchoOptional))]
    public IResult EchoOptional([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "optional/{text?}")] HttpRequest request, string? text) =>
        Results.Json(text ?? "nothing");

    [Function(nameof(AnyMethod))]
    public IResult AnyMethod([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Text(request.Method);

    [Function(nameof(WriteItself))]
    public async Task WriteItself([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "writes-itself")] HttpRequest request)
    {
        request.HttpContext.Response.StatusCode = StatusCodes.Status418ImATeapot;
        await request.HttpContext.Response.WriteAsync("short and stout");
    }

    [Function(nameof(Throw))]
    public IResult Throw([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "throws")] HttpRequest request) =>
        throw new InvalidOperationException("a secret of the code");

    [Function(nameof(ShowContext))]
    public IResult ShowContext([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "context")] HttpRequest request, FunctionContext context) =>
        Results.Json(new
        {
            name = context.FunctionDefinition.Name,
            entryPoint = context.FunctionDefinition.EntryPoint,
            invocation = context.InvocationId,
            isTheRequests = ReferenceEquals(context.GetHttpContext(), request.HttpContext),
            isTheScopes = ReferenceEquals(context.InstanceServices.GetRequiredService<Scope>(), scope),
            scope = scope.Id,
        });

    [Function(nameof(WaitForever))]
    public async Task<IResult> WaitForever(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "waits/{subject}")] HttpRequest request, string subject, CancellationToken cancellation)
    {
        journal.Add(subject, "waits");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        }
        catch (OperationCanceledException)
        {
            journal.Add(subject, "cancelled");
            throw;
        }

        return Results.Ok();
    }
}

using System.Net;
using Atomic.Functions.Http;
using Atomic.Functions.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Access;

/// <summary>
/// Stands before every function: lets a call over HTTP in when its caller has what <see cref="RouteRoles"/> says, writes down what operators
/// do before it is done, and sets the headers that every answer has. What is triggered otherwise passes.
/// </summary>
public sealed class Authorization(AppConfiguration settings, ILogger<Authorization> logger) : IFunctionsWorkerMiddleware
{
    // Answers are data: a browser is to do nothing with them. The dashboard says for itself what it may do.
    private const string DataPolicy = "default-src 'none'; frame-ancestors 'none'";

    private static readonly Caller Nobody = new("nobody", IsKnown: false, IsReader: false, IsOperator: false, ReadsPayloads: false);

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http) return GuardAsync(context, http, next);
        return RouteRoles.Of(context.FunctionDefinition.Name) is null
            ? next(context)
            : throw new InvalidOperationException($"{context.FunctionDefinition.Name} is called over HTTP, and its request is not here.");
    }

    private async Task GuardAsync(FunctionContext context, HttpContext http, FunctionExecutionDelegate next)
    {
        SetHeaders(http.Response.Headers);
        var (function, caller) = (context.FunctionDefinition.Name, Identify(http));
        if (Refusal(function, caller, http.Request) is { } refusal)
        {
            Logs.CallRefused(logger, caller?.Name ?? Nobody.Name, function, refusal.Status);
            if (refusal.Status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Bearer";
            await refusal.ToResult().ExecuteAsync(http);
            return;
        }

        http.Features.Set(caller ?? Nobody);
        if (RouteRoles.Of(function) == Role.Operator) Logs.OperatorActs(logger, caller!.Name, function, http.Request.Path);
        using (CallerCredentials.Lend(http.Request, settings.Access)) await next(context);
    }

    private static ProblemException? Refusal(string function, Caller? caller, HttpRequest request) => (RouteRoles.Of(function), caller) switch
    {
        (null, _) => new(StatusCodes.Status403Forbidden, "Not allowed.", $"Nobody may call {request.Path}."),
        (Role.Anyone, _) => null,
        (_, null) => new(StatusCodes.Status401Unauthorized, "Who are you?", "Sign in, or bring a token of Entra ID for this app."),
        ({ } role, { } known) when known.Has(role) => null,
        ({ } role, _) => new(StatusCodes.Status403Forbidden, "Not allowed.", $"{request.Method} {request.Path} takes the app role {NameOf(role)}."),
    };

    private Caller? Identify(HttpContext http) => settings.Access switch
    {
        // Only App Service can have set the header then: it removes what a client sent under that name.
        AccessMode.Entra => Caller.SaidByAppService(http.Request),
        // The Functions host has asked for the key.
        AccessMode.Keys => Caller.Unnamed("a function key"),
        _ => http.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from) ? Caller.Unnamed("this machine") : null,
    };

    private static string NameOf(Role role) => role == Role.Operator ? Caller.OperatorRole : Caller.ReaderRole;

    internal static void SetHeaders(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = DataPolicy;
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "private, no-cache";
    }
}

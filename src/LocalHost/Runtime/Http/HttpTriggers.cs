using System.Net;
using Atomic.LocalHost.Runtime.Invocations;
using Atomic.LocalHost.Runtime.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace Atomic.LocalHost.Runtime.Http;

/// <summary>Answers requests on loopback with the functions whose routes they match.</summary>
internal sealed class HttpTriggers : ITriggers, IDisposable
{
    // As in Azure; what an app bounds more tightly is the app's to refuse.
    private const long LargestBody = 100L * 1024 * 1024;

    private readonly WebApplication _app;
    private readonly FunctionRunner _runner;
    private readonly HttpSettings _settings;
    private readonly RequestThrottle _throttle;
    private readonly ILogger _logger;
    private readonly int _port;

    public HttpTriggers(WebApplication app, IReadOnlyList<HttpFunction> functions, FunctionRunner runner, HttpSettings settings, int port)
    {
        (_app, _runner, _settings, _port) = (app, runner, settings, port);
        _throttle = new RequestThrottle(settings);
        _logger = app.Services.GetRequiredService<ILogger<HttpTriggers>>();
        app.Use(next => context => AnswerAsync(context, next));
        if (settings.Hsts is not null) app.UseHsts();
        app.UseRouting();
        app.Use(next => context => _throttle.PassAsync(context, next));
        foreach (var function in functions) Map(function);
        app.UseEndpoints(_ => { });
    }

    public string Name => "HTTP";

    public static void Configure(WebApplicationBuilder builder, HttpSettings settings, int port)
    {
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRouting();
        if (settings.Hsts is not { } hsts) return;
        builder.Services.AddHsts(options =>
        {
            options.MaxAge = hsts.MaxAge;
            options.IncludeSubDomains = hsts.IncludeSubDomains;
            options.Preload = hsts.Preload;
            foreach (var host in hsts.ExcludedHosts) options.ExcludedHosts.Add(host);
        });
    }

    /// <exception cref="StartupException">The port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        try
        {
            await _app.StartAsync(cancellation);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new StartupException($"Port {_port} is in use: stop what listens there, or name another with --port.", e);
        }
    }

    public Task StopAsync(CancellationToken cancellation) => _app.StopAsync(cancellation);

    public void Dispose() => _throttle.Dispose();

    private void Map(HttpFunction function)
    {
        RequestDelegate answer = context => RunAsync(function, context);
        var endpoint = _app.Map(function.Route, answer).WithMetadata(function).WithDisplayName(function.Function.Name);
        if (function.Methods.Count > 0) endpoint.WithMetadata(new HttpMethodMetadata(function.Methods));
    }

    private async Task RunAsync(HttpFunction function, HttpContext context)
    {
        var outer = context.RequestServices;
        try
        {
            await _runner.RunAsync(function.Function, context, context.RequestAborted, static async (invocation, result) =>
            {
                var context = (HttpContext)invocation.Trigger;
                context.RequestServices = invocation.InstanceServices;
                if (result is IResult answer && !context.RequestAborted.IsCancellationRequested) await answer.ExecuteAsync(context);
            });
        }
        finally
        {
            context.RequestServices = outer;
        }
    }

    private async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        if (_settings.CustomHeaders.Count > 0) context.Response.OnStarting(AddHeaders, context.Response);
        try
        {
            await next(context);
            var isFunctions = context.GetEndpoint()?.Metadata.GetMetadata<HttpFunction>() is not null;
            if (!isFunctions && !context.Response.HasStarted) await SayAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there any more to be answered.
        }
        catch (OperationCanceledException) when (_runner.IsStopping && !context.Response.HasStarted)
        {
            await ProblemAnswer.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "The host is stopping.");
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await ProblemAnswer.WriteAsync(context, e.StatusCode, e.Message);
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<HttpFunction>() is null) Logs.RequestFailed(_logger, context.Request.Method, context.Request.Path, e);
            var detail = e is FunctionTimeoutException ? e.Message : "The function failed; the host's log says how.";
            await ProblemAnswer.WriteAsync(context, StatusCodes.Status500InternalServerError, detail);
        }
    }

    // Routing has set the status, and for a wrong method the header Allow.
    private static Task SayAsync(HttpContext context) => ProblemAnswer.WriteAsync(context, context.Response.StatusCode, context.Response.StatusCode switch
    {
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Path} does not take {context.Request.Method}, but {context.Response.Headers.Allow}.",
        _ => $"There is nothing at {context.Request.Path}.",
    });

    private Task AddHeaders(object response)
    {
        var headers = ((HttpResponse)response).Headers;
        foreach (var (name, value) in _settings.CustomHeaders) headers.TryAdd(name, value);
        return Task.CompletedTask;
    }
}

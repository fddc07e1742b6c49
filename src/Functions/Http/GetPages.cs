using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Http;

/// <summary>What is served as it is: the dashboard's page and the description of this API.</summary>
public sealed class GetPagesFunctions
{
    [Function(nameof(GetDashboard))]
    public IResult GetDashboard([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "/")] HttpRequest request)
    {
        request.HttpContext.Response.Headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'";
        return Results.Stream(Open("index.html"), "text/html; charset=utf-8");
    }

    [Function(nameof(GetOpenApi))]
    public IResult GetOpenApi([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/openapi.json")] HttpRequest request) =>
        Results.Stream(Open("openapi.json"), "application/json");

    private static Stream Open(string name) => Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"{name} is not in the assembly.");
}

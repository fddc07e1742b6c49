using System.Text;
using System.Text.Json;
using Atomic.Functions.Access;
using Atomic.Functions.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using IPAddress = System.Net.IPAddress;

namespace Atomic.Unit.Access;

/// <summary>One call of a function, as the host passes it through what stands before it.</summary>
internal sealed class Call
{
    private static readonly IServiceProvider Services = new ServiceCollection().AddLogging().BuildServiceProvider();

    public DefaultHttpContext Http { get; } = new() { RequestServices = Services };

    /// <summary>Whether the function itself was reached.</summary>
    public bool Reached { get; private set; }

    public int Status => Http.Response.StatusCode;

    public static AppConfiguration Settings(AccessMode mode)
    {
        var settings = new Dictionary<string, string?>
        {
            ["EventStore"] = "UseDevelopmentStorage=true",
            ["ServiceBusConnection"] = "Endpoint=sb://localhost",
            ["TaskHub"] = "Atomic",
        };
        return AppConfiguration.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()) with { Access = mode };
    }

    /// <summary>What App Service says of somebody who has signed in.</summary>
    public static string Principal(string name, params string[] roles) => Encode(new
    {
        auth_typ = "aad",
        claims = roles.Select(role => new { typ = "roles", val = role }).Prepend(new { typ = "preferred_username", val = name }),
        name_typ = "preferred_username",
        role_typ = "roles",
    });

    public static string Encode(object principal) => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(principal));

    public Call From(string address)
    {
        Http.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return this;
    }

    public Call SignedInAs(string? principal)
    {
        if (principal is not null) Http.Request.Headers["X-MS-CLIENT-PRINCIPAL"] = principal;
        return this;
    }

    public async Task<Call> OfAsync(string function, AccessMode mode = AccessMode.Entra, ILogger<Authorization>? log = null, Func<Task>? reached = null)
    {
        Http.Response.Body = new MemoryStream();
        await new Authorization(Settings(mode), log ?? NullLogger<Authorization>.Instance).Invoke(Context(function, Http), _ =>
        {
            Reached = true;
            return reached?.Invoke() ?? Task.CompletedTask;
        });
        return this;
    }

    public string Body() => Encoding.UTF8.GetString(((MemoryStream)Http.Response.Body).ToArray());

    public static FunctionContext Context(string function, HttpContext? http)
    {
        var definition = new Mock<FunctionDefinition>();
        definition.SetupGet(d => d.Name).Returns(function);
        var context = new Mock<FunctionContext>();
        context.SetupGet(c => c.FunctionDefinition).Returns(definition.Object);
        context.SetupGet(c => c.Items).Returns(http is null ? [] : new Dictionary<object, object> { ["HttpRequestContext"] = http });
        return context.Object;
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Atomic.Functions;
using Atomic.Functions.Access;
using Atomic.Functions.Settings;
using Atomic.LocalHost.Runtime.Settings;
using Atomic.TableStorage;
using Atomic.Testing;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Atomic.Integration.Security;

/// <summary>The whole app as it is where Entra ID is asked, with an App Service before it that has asked.</summary>
public sealed class GuardedApp : IAsyncLifetime
{
    public const string Name = "A guarded app";

    private InProcessHost? _host;

    public AzuriteFixture Azurite { get; } = new();

    public InProcessHost Host => _host!;

    public async Task InitializeAsync()
    {
        var storage = await Azurite.ConnectionStringAsync();
        var settings = AppSettings.Parse(AppSettings.Sample, Repository.Read(AppSettings.Sample));
        var guarded = AppConfiguration.Read(settings.Configuration) with { Access = AccessMode.Entra };
        _host = await InProcessHost.StartAsync(
            typeof(FunctionApp).Assembly.GetExportedTypes(), HostSettings.Parse(Repository.Read("host.json")), settings, Repository.PathOf("infra/service-bus.json"),
            services => services.AddSingleton<IFunctionsWorkerMiddleware, AppService>().AddSingleton(guarded).AddTableStorage(storage).AddAtomic());
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        await Azurite.DisposeAsync();
    }

    /// <param name="roles">Null for nobody, and empty for somebody who has signed in and has none.</param>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string[]? roles, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (roles is not null) request.Headers.Authorization = TokenOf("ada@example.org", roles);
        if (body is string text) request.Content = new StringContent(text, Encoding.UTF8, "application/json");
        else if (body is not null) request.Content = JsonContent.Create(body);
        return await Host.Client.SendAsync(request);
    }

    public async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpMethod method, string path, string[]? roles, object? body = null)
    {
        using var response = await SendAsync(method, path, roles, body);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A token of Entra ID, as far as this App Service knows.</summary>
    public static AuthenticationHeaderValue TokenOf(string name, string[] roles) => new("Bearer", Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new
    {
        auth_typ = "aad",
        claims = roles.Select(role => new { typ = "roles", val = role }).Prepend(new { typ = "preferred_username", val = name }),
        name_typ = "preferred_username",
        role_typ = "roles",
    })));

    // What App Service does before a request reaches the app: its headers are its own, and say what was in a token that it has judged.
    private sealed class AppService : IFunctionsWorkerMiddleware
    {
        private const string Header = "X-MS-CLIENT-PRINCIPAL";

        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            if (context.GetHttpContext()?.Request.Headers is not { } headers) return next(context);
            headers.Remove(Header);
            var token = headers.Authorization.ToString();
            if (token.StartsWith("Bearer e", StringComparison.Ordinal) && !token.Contains('.', StringComparison.Ordinal)) headers[Header] = token["Bearer ".Length..];
            return next(context);
        }
    }
}

[CollectionDefinition(GuardedApp.Name)]
public sealed class SharedGuardedApp : ICollectionFixture<GuardedApp>;

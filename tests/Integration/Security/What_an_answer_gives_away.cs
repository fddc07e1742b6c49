using System.Net;
using System.Text.RegularExpressions;
using Atomic.Testing;
using Xunit;

namespace Atomic.Integration.Security;

/// <summary>API7 to API10 of the OWASP API Security Top 10: addresses, configuration, inventory, and what others send.</summary>
[Collection(GuardedApp.Name)]
public sealed partial class What_an_answer_gives_away(GuardedApp app)
{
    private static readonly string[] All = ["operator", "Payload.Read"];

    public static TheoryData<string> Routes => new(Route.All.Select(route => route.ToString()));

    [Theory]
    [MemberData(nameof(Routes))]
    [Trait(Owasp.Name, Owasp.Misconfiguration)]
    public async Task Has_the_headers_that_keep_a_browser_from_harm(string name)
    {
        var route = Route.All.First(each => each.ToString() == name);
        foreach (var roles in new[] { null, All })
        {
            using var response = await app.SendAsync(route.Method, route.With("nobodys"), roles);

            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Contains("frame-ancestors 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.False(response.Headers.Contains("Server") || response.Headers.Contains("X-Powered-By") || response.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    // The webhooks of the durable extension take a key that can do anything: no answer may lead to them.
    [Theory]
    [MemberData(nameof(Routes))]
    [Trait(Owasp.Name, Owasp.Misconfiguration)]
    public async Task Leads_to_no_webhook_and_has_no_key_and_no_insides(string name)
    {
        var route = Route.All.First(each => each.ToString() == name);
        using var response = await app.SendAsync(route.Method, route.With("nobodys"), All, route.Method == HttpMethod.Get ? null : "{ \"a\": [ }");
        var text = $"{response.Headers} {await response.Content.ReadAsStringAsync()}";

        Assert.False(Secret().IsMatch(text), $"{name}: {Secret().Match(text).Value}");
    }

    [Fact]
    [Trait(Owasp.Name, Owasp.Misconfiguration)]
    public async Task Of_a_start_leads_to_no_webhook()
    {
        var order = new
        {
            customerId = "c-1",
            lines = new[] { new { sku = "tea", quantity = 1, unitPrice = new { amount = 1, currency = "EUR" } } },
            card = "4111111111111111",
            address = new { name = "Ada", street = "Way 1", city = "Town", postalCode = "10000", country = "DE" },
        };
        using var response = await app.SendAsync(HttpMethod.Post, "/api/transactions/place-order", All, order);
        var text = $"{response.Headers} {await response.Content.ReadAsStringAsync()}";

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.False(Secret().IsMatch(text), text);
    }

    // What makes those addresses and keys is in Microsoft's package, whatever an answer looks like here.
    [Fact]
    [Trait(Owasp.Name, Owasp.Misconfiguration)]
    public void Is_never_what_the_durable_extension_would_answer() =>
        Assert.DoesNotContain(Repository.Files("src/Functions", "*.cs"), file => WebhookMaker().IsMatch(Repository.Read(file)));

    [Theory]
    [InlineData("/admin/functions")]
    [InlineData("/admin/host/keys")]
    [InlineData("/runtime/webhooks/durabletask/instances")]
    [InlineData("/api/debug")]
    [InlineData("/api/v0/transactions")]
    [InlineData("/api/../local.settings.json")]
    [InlineData("/host.json")]
    [Trait(Owasp.Name, Owasp.Inventory)]
    public async Task Is_given_at_the_routes_that_are_described_and_nowhere_else(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await app.AskAsync(HttpMethod.Get, path, All)).Status);

    [Theory]
    [InlineData("TRACE")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [Trait(Owasp.Name, Owasp.Inventory)]
    [Trait(Owasp.Name, Owasp.Functions)]
    public async Task Is_given_to_the_methods_that_are_described_and_no_other(string method) =>
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await app.AskAsync(new HttpMethod(method), "/api/transactions", All)).Status);

    // Where the app asks others is a setting: nobody who calls it can name an address.
    [Fact]
    [Trait(Owasp.Name, Owasp.Ssrf)]
    public void Is_fetched_from_no_address_that_a_caller_gave() =>
        Assert.DoesNotContain("\"format\": \"uri\"", Regex.Match(Repository.Read("src/Functions/Http/openapi.json"), "\"requestBody\".*", RegexOptions.Singleline).Value.Split("\"responses\"")[0], StringComparison.Ordinal);

    [GeneratedRegex(@"/runtime/webhooks|[?&](code|sig)=|AccountKey|SharedAccess|   at \w|\.cs:line|Exception:|Azurite|127\.0\.0\.1:\d+/devstoreaccount1", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();

    [GeneratedRegex("CreateCheckStatusResponse|CreateHttpManagementPayload|WaitForCompletionOrCreateCheckStatus")]
    private static partial Regex WebhookMaker();
}

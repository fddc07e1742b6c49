using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Xunit;

namespace Atomic.Integration.Security;

/// <summary>API1, API2, API3 and API5 of the OWASP API Security Top 10: objects, authentication, properties, functions.</summary>
[Collection(GuardedApp.Name)]
public sealed class Who_may_do_what(GuardedApp app)
{
    private static readonly string[] Stranger = [];
    private static readonly string[] Reader = ["reader"];
    private static readonly string[] ReaderOfPayloads = ["reader", "Payload.Read"];
    private static readonly string[] Operator = ["operator"];

    public static TheoryData<string> Routes => new(Route.All.Where(route => !route.IsOpen).Select(route => route.ToString()));

    public static TheoryData<string> WithIds => new(Route.All.Where(route => route.HasId).Select(route => route.ToString()));

    [Theory]
    [MemberData(nameof(Routes))]
    [Trait(Owasp.Name, Owasp.Authentication)]
    [Trait(Owasp.Name, Owasp.Functions)]
    public async Task Nobody_gets_past_the_door_without_a_name_and_a_role(string name)
    {
        var route = Route.All.First(each => each.ToString() == name);

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.AskAsync(route.Method, route.With("x"), null)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.AskAsync(route.Method, route.With("x"), Stranger)).Status);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    [Trait(Owasp.Name, Owasp.Functions)]
    public async Task A_reader_reads_and_does_nothing_else(string name)
    {
        var route = Route.All.First(each => each.ToString() == name);

        var (status, body) = await app.AskAsync(route.Method, route.With("x"), Reader);

        Assert.True((status == HttpStatusCode.Forbidden) == (route.Method != HttpMethod.Get), $"{name}: {(int)status} {body}");
        Assert.True(status != HttpStatusCode.Unauthorized && (int)status < 500, $"{name}: {(int)status} {body}");
    }

    // What is asked for by an id is looked up under it and nowhere else, and an unknown one says nothing about others.
    [Theory]
    [MemberData(nameof(WithIds))]
    [Trait(Owasp.Name, Owasp.Objects)]
    public async Task An_id_that_is_nobodys_is_a_problem_and_no_failure(string name)
    {
        var route = Route.All.First(each => each.ToString() == name);

        foreach (var id in new[] { "nobodys", "..%2F..%2Fadmin", "rebuild-orders-1", "a'%20or%20'1'%20eq%20'1" })
        {
            using var response = await app.SendAsync(route.Method, route.With(id), Operator, route.Method == HttpMethod.Get ? null : "{}");
            Assert.True((int)response.StatusCode is >= 400 and < 500, $"{name} with {id}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        }
    }

    [Theory]
    [InlineData("Bearer", "eyJhbGciOiJub25lIn0.eyJyb2xlcyI6WyJvcGVyYXRvciJdfQ.")]
    [InlineData("Basic", "am9lOnBhc3N3b3Jk")]
    [Trait(Owasp.Name, Owasp.Authentication)]
    public async Task A_token_that_App_Service_has_not_judged_counts_for_nothing(string scheme, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/flows");
        request.Headers.Authorization = new AuthenticationHeaderValue(scheme, token);
        using var response = await app.Host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    [Trait(Owasp.Name, Owasp.Authentication)]
    public async Task A_key_counts_for_nothing_where_Entra_ID_is_asked()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/flows?code=master");
        request.Headers.Add("x-functions-key", "master");
        using var response = await app.Host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    [Trait(Owasp.Name, Owasp.Properties)]
    public async Task Payloads_are_shown_to_those_who_may_see_them()
    {
        var sku = $"sku-{Guid.NewGuid():N}"[..16];
        var (accepted, _) = await app.AskAsync(HttpMethod.Post, "/api/commands/inventory/add-stock", Operator, new { sku, quantity = 7 });
        Assert.Equal(HttpStatusCode.Accepted, accepted);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while ((await app.AskAsync(HttpMethod.Get, $"/api/streams/inventory/{sku}", Reader)).Status != HttpStatusCode.OK)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);

        var redacted = await StreamAsync(sku, Reader);
        var shown = await StreamAsync(sku, ReaderOfPayloads);

        Assert.Equal("Payload.Read", redacted.GetProperty("events")[0].GetProperty("data").GetProperty("takes").GetString());
        Assert.Equal("Payload.Read", redacted.GetProperty("state").GetProperty("takes").GetString());
        Assert.DoesNotContain("quantity", redacted.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(7, shown.GetProperty("events")[0].GetProperty("data").GetProperty("quantity").GetInt32());
        Assert.Equal(redacted.GetProperty("events")[0].GetProperty("type").GetString(), shown.GetProperty("events")[0].GetProperty("type").GetString());
    }

    // It asks this very app over HTTP, which asks who calls: were it to ask as itself, it would show everybody everything, or nobody anything.
    [Fact]
    [Trait(Owasp.Name, Owasp.Objects)]
    public async Task The_overview_asks_the_services_as_its_caller()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        HttpStatusCode status;
        string body;
        // What a busy machine does not answer in time is left out.
        do (status, body) = await app.AskAsync(HttpMethod.Get, "/api/overview/orders", Reader);
        while (body.Contains("it takes too long", StringComparison.Ordinal) && !patience.IsCancellationRequested);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.False(JsonSerializer.Deserialize<JsonElement>(body).TryGetProperty("reason", out var reason) && reason.ValueKind != JsonValueKind.Null, body);
    }

    [Fact]
    [Trait(Owasp.Name, Owasp.Authentication)]
    public async Task A_principal_that_a_client_made_up_is_not_App_Services()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/flows");
        request.Headers.Add("X-MS-CLIENT-PRINCIPAL", GuardedApp.TokenOf("eve", Operator).Parameter);
        using var response = await app.Host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private async Task<JsonElement> StreamAsync(string sku, string[] roles) =>
        JsonSerializer.Deserialize<JsonElement>((await app.AskAsync(HttpMethod.Get, $"/api/streams/inventory/{sku}", roles)).Body);
}

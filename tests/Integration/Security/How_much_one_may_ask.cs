using System.Net;
using System.Text.Json;
using Atomic.Functions.Access;
using Atomic.Testing;
using Xunit;

namespace Atomic.Integration.Security;

/// <summary>API4 and API6 of the OWASP API Security Top 10: resources, and acts that are dear to the business.</summary>
[Collection(GuardedApp.Name)]
public sealed class How_much_one_may_ask(GuardedApp app)
{
    private static readonly string[] All = ["operator", "Payload.Read"];

    public static TheoryData<string> Bodies => new(Acts());

    // What an event from outside may have, its step says: a transaction has to be found first.
    public static TheoryData<string> OwnBodies => new(Acts().Where(name => !name.EndsWith("/events/{step}", StringComparison.Ordinal)));

    public static TheoryData<string> Pages => new(
        "/api/transactions", "/api/ordering/orders", "/api/inventory/stock", "/api/payments/payments", "/api/shipping/shipments", "/api/overview/orders");

    [Theory]
    [MemberData(nameof(Bodies))]
    [Trait(Owasp.Name, Owasp.Consumption)]
    public async Task A_body_that_is_too_deep_is_a_problem(string name)
    {
        var deep = string.Concat(Enumerable.Repeat("[", 5000)) + string.Concat(Enumerable.Repeat("]", 5000));

        var (status, body) = await AskAsync(name, deep);

        Assert.True(status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{(int)status} {body}");
    }

    // Each reads its body before it looks for anything, so that it answers the same whoever's the ids are.
    [Theory]
    [MemberData(nameof(Bodies))]
    [Trait(Owasp.Name, Owasp.Consumption)]
    public async Task A_body_that_is_too_large_is_a_problem_that_says_how_large_it_may_be(string name)
    {
        var (status, body) = await AskAsync(name, $"{{ \"by\": \"{new string('a', 256 * 1024)}\" }}");

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "A body may have at most 262144 bytes."), (status, Problem(body).GetProperty("detail").GetString()));
    }

    [Theory]
    [MemberData(nameof(OwnBodies))]
    [Trait(Owasp.Name, Owasp.Properties)]
    public async Task A_field_that_is_not_known_is_named(string name)
    {
        var (status, body) = await AskAsync(name, """{ "isAdmin": true }""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("is unknown.", Problem(body).GetProperty("errors").GetProperty("isAdmin")[0].GetString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    [InlineData(int.MaxValue)]
    [Trait(Owasp.Name, Owasp.Consumption)]
    public async Task A_bulk_act_has_a_size(int size)
    {
        var (status, body) = await app.AskAsync(HttpMethod.Post, "/api/transactions/retry", All, new { filter = new { }, by = "ann", pageSize = size });

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith($"is {size} and must be 1 to 100", Problem(body).GetProperty("errors").GetProperty("pageSize")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    [Trait(Owasp.Name, Owasp.Consumption)]
    public async Task A_page_has_an_end(string path)
    {
        foreach (var size in new[] { "0", "-1", "201", "1e3", "2147483648" })
            Assert.Equal(HttpStatusCode.BadRequest, (await app.AskAsync(HttpMethod.Get, $"{path}?pageSize={size}", All)).Status);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    [Trait(Owasp.Name, Owasp.Consumption)]
    [Trait(Owasp.Name, Owasp.Objects)]
    public async Task A_continuation_that_was_not_given_is_refused(string path)
    {
        var given = Convert.ToBase64String("""{"NextPartitionKey":"a","NextRowKey":"b"}"""u8.ToArray());
        foreach (var token in new[] { "nonsense", given, "engine:1", "1" })
        {
            var (status, body) = await app.AskAsync(HttpMethod.Get, $"{path}?continuation={Uri.EscapeDataString(token)}", All);
            // The overview says what it has, and of the rest why not.
            var isTold = status == HttpStatusCode.OK && path.Contains("overview", StringComparison.Ordinal) && body.Contains("not one that this service has given", StringComparison.Ordinal);
            Assert.True(isTold || status == HttpStatusCode.BadRequest, $"{path} took {token}: {(int)status} {body}");
        }
    }

    // Beyond its own bounds the app answers 429 with Retry-After. Those of the host, which does not say when to come again, lie further out, so that
    // who is turned away meets the app's first.
    [Fact]
    [Trait(Owasp.Name, Owasp.Consumption)]
    public void Requests_at_once_are_bounded()
    {
        var http = JsonDocument.Parse(Repository.Read("host.json")).RootElement.GetProperty("extensions").GetProperty("http");

        Assert.InRange(http.GetProperty("maxConcurrentRequests").GetInt32(), RequestBounds.MostOutstanding * 2, 1000);
        Assert.InRange(http.GetProperty("maxOutstandingRequests").GetInt32(), http.GetProperty("maxConcurrentRequests").GetInt32(), 1000);
        Assert.InRange(RequestBounds.MostOutstanding, RequestBounds.MostAtOnce, 1000);
    }

    [Fact]
    [Trait(Owasp.Name, Owasp.BusinessFlows)]
    public async Task An_order_sent_twice_under_one_key_is_one_order()
    {
        var order = new
        {
            customerId = "c-1",
            lines = new[] { new { sku = "tea", quantity = 1, unitPrice = new { amount = 1, currency = "EUR" } } },
            card = "4111111111111111",
            address = new { name = "Ada", street = "Way 1", city = "Town", postalCode = "10000", country = "DE" },
        };
        var key = Guid.NewGuid().ToString();

        Assert.Equal(await StartAsync(order, key), await StartAsync(order, key));
    }

    [Fact]
    public void Whatever_takes_a_body_is_asked() => Assert.Superset(
        new HashSet<string> { "POST /api/dead-letters/{id}/resubmit", "DELETE /api/dead-letters/{id}", "POST /api/transactions/retry" }, Acts().ToHashSet());

    // Those of read models take none, and read none.
    private static IEnumerable<string> Acts() => Route.All
        .Where(route => route.Method != HttpMethod.Get && !route.Template.Contains("projections", StringComparison.Ordinal)).Select(route => route.ToString());

    private Task<(HttpStatusCode Status, string Body)> AskAsync(string name, object body)
    {
        var route = Route.All.First(each => each.ToString() == name);
        return app.AskAsync(route.Method, PathOf(route), All, body);
    }

    private static string PathOf(Route route) => route switch
    {
        { Template: "/api/transactions/{definition}" } => "/api/transactions/place-order",
        { Template: "/api/commands/{context}/{command}" } => "/api/commands/inventory/add-stock",
        // An id that cannot be is refused before the body is looked at.
        { Template: var template } when template.StartsWith("/api/dead-letters/", StringComparison.Ordinal) => route.With("ordering-commands~1"),
        _ => route.With("nobodys"),
    };

    private static JsonElement Problem(string body) => JsonSerializer.Deserialize<JsonElement>(body);

    private async Task<string?> StartAsync(object order, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/transactions/place-order") { Content = System.Net.Http.Json.JsonContent.Create(order) };
        request.Headers.Add("Idempotency-Key", key);
        request.Headers.Authorization = GuardedApp.TokenOf("joe@example.org", All);
        using var response = await app.Host.Client.SendAsync(request);
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("id").GetString();
    }
}

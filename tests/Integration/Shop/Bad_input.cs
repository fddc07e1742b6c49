using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Atomic.Testing.Shop;
using Xunit;

namespace Atomic.Integration.Shop;

/// <summary>Each mistake is a clear problem that names the thing, and nothing is stored.</summary>
[Collection(RunningHost.Name)]
public sealed class Bad_input(RunningHost host)
{
    private static readonly string Valid = JsonSerializer.Serialize(ShopClient.Order("tea", "4111111111111111", orderId: "o-bad"));

    [Theory]
    [InlineData("{", "body")]
    [InlineData("[]", "body")]
    [InlineData("{}", "customerId")]
    [InlineData("""{"customerIdd":"x"}""", "customerIdd")]
    public async Task Of_the_body_is_named(string body, string field) => Assert.Contains(field, (await RefusedAsync(body)).Keys);

    [Theory]
    [InlineData("\"quantity\":1", "\"quantity\":-1", "lines[0].quantity")]
    [InlineData("\"quantity\":1", "\"quantity\":\"x\"", "lines[0].quantity")]
    [InlineData("\"quantity\":1", "\"quantity\":1,\"colour\":\"red\"", "lines[0].colour")]
    [InlineData("\"amount\":10", "\"amount\":0", "lines[0].unitPrice.amount")]
    [InlineData("\"currency\":\"EUR\"", "\"currency\":\"euro\"", "lines[0].unitPrice.currency")]
    [InlineData("\"country\":\"DE\"", "\"country\":\"\"", "address.country")]
    [InlineData("o-bad", "o/bad", "orderId")]
    [InlineData("o-bad", "o#bad", "orderId")]
    [InlineData("o-bad", "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789/", "orderId")]
    [InlineData("\"tea\"", "\"a\\\\b\"", "lines[0].sku")]
    public async Task Of_a_field_is_named(string valid, string wrong, string field)
    {
        Assert.Contains(valid, Valid, StringComparison.Ordinal);
        Assert.Equal([field], (await RefusedAsync(Valid.Replace(valid, wrong, StringComparison.Ordinal))).Keys);
    }

    [Fact]
    public async Task Unknown_definitions_commands_and_transactions_are_404_with_what_there_is()
    {
        Assert.Contains("place-order", await ProblemOf(HttpStatusCode.NotFound, HttpMethod.Post, "/api/transactions/nope", Valid), StringComparison.Ordinal);
        Assert.Contains("inventory/add-stock", await ProblemOf(HttpStatusCode.NotFound, HttpMethod.Post, "/api/commands/inventory/nope", "{}"), StringComparison.Ordinal);
        Assert.Contains("nope", await ProblemOf(HttpStatusCode.NotFound, HttpMethod.Get, "/api/transactions/nope"), StringComparison.Ordinal);
        await ProblemOf(HttpStatusCode.NotFound, HttpMethod.Get, "/api/ordering/orders/nope");
        await ProblemOf(HttpStatusCode.NotFound, HttpMethod.Get, "/api/nope");
    }

    [Theory]
    [InlineData("/api/transactions/place-order")]
    [InlineData("/api/commands/inventory/add-stock")]
    public async Task A_body_over_256_KiB_is_413_however_it_is_sent(string path)
    {
        var body = new string(' ', 300 * 1024);
        Assert.Contains("262144", await ProblemOf(HttpStatusCode.RequestEntityTooLarge, HttpMethod.Post, path, body), StringComparison.Ordinal);
        Assert.Contains("262144", await ProblemOf(HttpStatusCode.RequestEntityTooLarge, HttpMethod.Post, path, body, chunked: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_that_is_too_long_is_named()
    {
        var id = new string('a', 300);
        Assert.Contains("300", await ProblemOf(HttpStatusCode.BadRequest, HttpMethod.Get, $"/api/ordering/orders/{id}"), StringComparison.Ordinal);
        Assert.Contains("orderId", (await RefusedAsync(Valid.Replace("o-bad", id, StringComparison.Ordinal))).Keys);
    }

    [Fact]
    public async Task A_wrong_method_is_405_with_those_that_are_right()
    {
        using var response = await host.Host.Client.DeleteAsync(new Uri("/api/transactions/place-order", UriKind.Relative));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "POST"], response.Content.Headers.Allow.Order(StringComparer.Ordinal));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/api/transactions?state=Nope", "state")]
    [InlineData("/api/transactions?pageSize=0", "pageSize")]
    [InlineData("/api/ordering/orders?colour=red", "colour")]
    [InlineData("/api/ordering/orders?continuation=nonsense", "continuation")]
    [InlineData("/api/ordering/orders/a%23b", "id: may hold letters, digits and - _ . ~ only, and holds '#'.")]
    [InlineData("/api/inventory/stock/a%2Fb", "id: may hold letters, digits and - _ . ~ only, and holds '/'.")]
    [InlineData("/api/payments/payments/a%252Fb", "id: may hold letters, digits and - _ . ~ only, and holds '%'.")]
    public async Task Of_a_query_is_named(string path, string parameter) =>
        Assert.Contains(parameter, await ProblemOf(HttpStatusCode.BadRequest, HttpMethod.Get, path), StringComparison.Ordinal);

    [Fact]
    public async Task A_negative_quantity_of_a_command_is_named() =>
        Assert.Contains("quantity", await ProblemOf(
            HttpStatusCode.BadRequest, HttpMethod.Post, "/api/commands/inventory/add-stock", """{"sku":"tea","quantity":-1}"""), StringComparison.Ordinal);

    private async Task<Dictionary<string, string[]>> RefusedAsync(string body)
    {
        var key = Guid.NewGuid().ToString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/transactions/place-order");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add("Idempotency-Key", key);
        using var response = await host.Host.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        await AssertNothingStoredAsync(key);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        return problem.GetProperty("errors").Deserialize<Dictionary<string, string[]>>()!;
    }

    // What was kept would answer for its key: with 200, or with 422 since its body was another.
    private async Task AssertNothingStoredAsync(string key)
    {
        using var stored = await host.Host.Client.GetAsync(new Uri("/api/ordering/orders/o-bad", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, stored.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await host.Shop.PlaceAsync(ShopClient.Order("none", "4111111111111111"), key)).Status);
    }

    private async Task<string> ProblemOf(HttpStatusCode status, HttpMethod method, string path, string? body = null, bool chunked = false)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TransferEncodingChunked = chunked;
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await host.Host.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{path}: {(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain(" at Atomic.", text, StringComparison.Ordinal);
        return text;
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Atomic.Testing.Hosting;
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

    [Fact]
    public async Task A_body_over_256_KiB_is_413() =>
        await ProblemOf(HttpStatusCode.RequestEntityTooLarge, HttpMethod.Post, "/api/transactions/place-order", new string(' ', 300 * 1024));

    [Theory]
    [InlineData("/api/transactions?state=Nope", "state")]
    [InlineData("/api/transactions?pageSize=0", "pageSize")]
    [InlineData("/api/ordering/orders?colour=red", "colour")]
    [InlineData("/api/ordering/orders?continuation=nonsense", "continuation")]
    [InlineData("/api/ordering/orders/a%23b", "id")]
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
        using var stored = await host.Host.Client.GetAsync(new Uri("/api/ordering/orders/o-bad", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, stored.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        return problem.GetProperty("errors").Deserialize<Dictionary<string, string[]>>()!;
    }

    private async Task<string> ProblemOf(HttpStatusCode status, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await host.Host.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{path}: {(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain(" at Atomic.", text, StringComparison.Ordinal);
        return text;
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Atomic.Testing.Shop;

/// <summary>The shop as a client over HTTP sees it.</summary>
public sealed class ShopClient(HttpClient http)
{
    public const string Token = "Consistency-Token";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public HttpClient Http { get; } = http;

    /// <summary>Sends a command, and gives its token.</summary>
    public async Task<string> CommandAsync(string path, object body)
    {
        using var response = await Http.PostAsJsonAsync($"/api/commands/{path}", body);
        var answer = await JsonAsync(response);
        return response.StatusCode == HttpStatusCode.Accepted
            ? answer.GetProperty("token").GetString()!
            : throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {answer}");
    }

    /// <summary>A product in stock and a card with a limit, both in effect.</summary>
    public async Task<(string Sku, string Card)> SeedAsync(int quantity, decimal limit)
    {
        var (sku, card) = ($"sku-{Guid.NewGuid():N}"[..16], $"4{Random.Shared.NextInt64(100_000_000_000_000, 999_999_999_999_999)}");
        var stock = await CommandAsync("inventory/add-stock", new { sku, quantity });
        await CommandAsync("payments/register-card", new { card, limit = new { amount = limit, currency = "EUR" } });
        await GetAsync($"/api/inventory/stock/{sku}", stock);
        return (sku, card);
    }

    public static object Order(string sku, string card, int quantity = 1, decimal price = 10, string country = "DE", string? orderId = null) => new
    {
        orderId,
        customerId = "c-1",
        lines = new[] { new { sku, quantity, unitPrice = new { amount = price, currency = "EUR" } } },
        card,
        address = new { name = "Ada", street = "Way 1", city = "Town", postalCode = "10000", country },
    };

    public async Task<(HttpStatusCode Status, JsonElement Body)> PlaceAsync(object order, string? key = null, string definition = "place-order")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/transactions/{definition}");
        request.Content = JsonContent.Create(order, options: JsonIgnore.Nulls);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await Http.SendAsync(request);
        return (response.StatusCode, await JsonAsync(response));
    }

    /// <summary>The transaction once it has ended.</summary>
    public async Task<JsonElement> EndOfAsync(string id)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var transaction = await GetAsync($"/api/transactions/{id}");
            if (transaction.GetProperty("state").GetString() is "Completed" or "Compensated") return transaction;
            if (limit.IsCancellationRequested) throw new TimeoutException($"It has not ended: {transaction}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public async Task<JsonElement> PlaceToEndAsync(object order) =>
        await EndOfAsync((await PlaceAsync(order)).Body.GetProperty("id").GetString()!);

    /// <param name="token">What the answer must show. It is asked for again while the service says that it is not yet so far.</param>
    public async Task<JsonElement> GetAsync(string path, string? token = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (token is not null) request.Headers.Add(Token, token);
            using var response = await Http.SendAsync(request);
            var body = await JsonAsync(response);
            if (response.IsSuccessStatusCode) return body;
            var isTooEarly = token is not null && response.StatusCode == HttpStatusCode.ServiceUnavailable && !limit.IsCancellationRequested;
            if (!isTooEarly) throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {body}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <summary>A row once the transaction that wrote to its stream is shown in it.</summary>
    public Task<JsonElement> GetAfterAsync(string path, JsonElement transaction, string category) =>
        GetAsync(path, transaction.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()!)
            .FirstOrDefault(token => token.StartsWith($"{category}:{path.Split('/')[^1]}@", StringComparison.Ordinal)));

    /// <summary>The row once it is as expected.</summary>
    /// <param name="token">What it must show.</param>
    public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> expected, string? token = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (token is not null) request.Headers.Add(Token, token);
            using var response = await Http.SendAsync(request);
            var row = await JsonAsync(response);
            if (response.IsSuccessStatusCode && expected(row)) return row;
            if (limit.IsCancellationRequested) throw new TimeoutException($"{path} has not become as expected: {row}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
}

internal static class JsonIgnore
{
    public static JsonSerializerOptions Nulls { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };
}

using System.Text.Json;
using Atomic.Testing.Shop;
using Xunit;

namespace Atomic.Integration.Shop;

/// <summary>What an order uses whose payment goes to the provider beside the host.</summary>
[Collection(RunningHost.Name)]
public sealed class Costs_at_a_provider(RunningHost running)
{
    private const int Attempts = 10;

    [Theory]
    [InlineData("DE", "Completed")]
    [InlineData("AQ", "Compensated")]
    public async Task Are_as_its_definition_says(string country, string state)
    {
        var cost = await CostAsync(country, state);
        // Facts that overtake each other cost who watches a request more. That is chance, and not so again and again.
        for (var again = 1; Text(cost, "measured") != Text(cost, "predicted") && again < Attempts; again++) cost = await CostAsync(country, state);

        Assert.Equal(Text(cost, "predicted"), Text(cost, "measured"));
        Assert.True(cost.GetProperty("measured").GetProperty("price").GetProperty("amount").GetDecimal() > 0);
    }

    private async Task<JsonElement> CostAsync(string country, string state)
    {
        var (sku, card) = await running.Shop.SeedAsync(quantity: 5, limit: 100);
        var (_, started) = await running.Shop.PlaceAsync(ShopClient.Order(sku, card, country: country));
        var id = started.GetProperty("id").GetString()!;
        await running.Shop.UntilAsync(
            $"/api/transactions?state={state}&key={started.GetProperty("output").GetProperty("orderId").GetString()}",
            found => found.GetProperty("items").EnumerateArray().Any(item => item.GetProperty("id").GetString() == id));
        return (await running.Shop.GetAsync($"/api/transactions/{id}")).GetProperty("cost");
    }

    private static string Text(JsonElement cost, string what) => cost.GetProperty(what).GetRawText();
}

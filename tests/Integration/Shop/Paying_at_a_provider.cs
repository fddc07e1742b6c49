using Atomic.Testing.Shop;
using Xunit;

namespace Atomic.Integration.Shop;

/// <summary>Orders paid at the provider, which the local host runs as a service of its own: the network really fails.</summary>
[Collection(RunningHost.Name)]
public sealed class Paying_at_a_provider(RunningHost host)
{
    private readonly ShopClient _shop = host.Shop;

    [Theory]
    [InlineData("0002", "requests", "Compensated")]
    [InlineData("0119", "requests", "Completed")]
    [InlineData("0127", "commands", "Completed")]
    [InlineData("0135", "requests", "Completed")]
    [InlineData("0143", "events", "Completed")]
    public async Task Ends_as_the_provider_knows_it_whatever_the_network_does(string card, string coupling, string state)
    {
        var (sku, _) = await _shop.SeedAsync(10, limit: 1);
        var number = $"4{Random.Shared.NextInt64(10_000_000_000, 99_999_999_999)}{card}";
        var token = await _shop.CommandAsync("payments/register-card", new { card = number, limit = new { amount = 100, currency = "EUR" } });
        Assert.NotEmpty(token);

        var (_, started) = await _shop.PlaceAsync(ShopClient.Order(sku, number), definition: $"place-order?coordination={coupling}");
        var ended = await _shop.UntilAsync($"/api/transactions/{started.GetProperty("id").GetString()}", view => view.GetProperty("state").GetString() is "Completed" or "Compensated");

        Assert.Equal(state, ended.GetProperty("state").GetString());
        if (state == "Compensated") Assert.Contains("issuer declined", ended.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }
}

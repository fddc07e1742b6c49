using Atomic.Functions.Bus;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Atomic.Testing.Shop;
using Xunit;
using Xunit.Abstractions;

namespace Atomic.Integration.Shop;

/// <summary>What a transaction with its projections asks of Table Storage, and of the durable engine.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Costs_of_a_transaction(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const int Steps = 6;
    private const int MostRequests = 25;
    private const int Attempts = 10;

    [Fact]
    public async Task Placing_an_order_is_at_most_25_requests_to_Table_Storage_and_an_activity_a_step_and_one_more()
    {
        using var requests = new RequestsByFunction { WithoutTimers = true };
        await using var host = await AppHost.StartAsync(await azurite.ConnectionStringAsync(), handler: requests);
        var shop = new ShopClient(host.Client);
        var (sku, card) = await shop.SeedAsync(quantity: 1 + Attempts, limit: 1000);
        await shop.PlaceToEndAsync(ShopClient.Order(sku, card));
        await ProjectedAsync(host);

        var least = int.MaxValue;
        // Facts that overtake each other cost who watches a request more. That is chance, and not so again and again.
        for (var attempt = 0; least > MostRequests && attempt < Attempts; attempt++)
        {
            requests.Clear();
            var id = (await shop.PlaceAsync(ShopClient.Order(sku, card))).Body.GetProperty("id").GetString()!;
            // Whoever asks how it goes on makes requests of his own: only the engine is asked.
            await host.Engine.WaitForInstanceCompletionAsync(id);
            await ProjectedAsync(host);
            output.WriteLine($"place-order with its projections: {requests}");
            least = Math.Min(least, requests.Total);

            var transaction = await shop.EndOfAsync(id);
            Assert.Equal("Completed", transaction.GetProperty("state").GetString());
            Assert.Equal(Steps + 1, transaction.GetProperty("cost").GetProperty("activities").GetInt32());
        }

        Assert.InRange(least, 1, MostRequests);
    }

    // An event stays in its subscription until its projection has written its row.
    private static async Task ProjectedAsync(InProcessHost host)
    {
        foreach (var subscription in BusTopology.Declared.Topics.Single(topic => topic.Name == "events").Subscriptions)
            await host.UntilEmptyAsync("events", subscription.Name);
    }
}

using System.Net;
using System.Text.Json;
using Xunit;

namespace Atomic.Integration.ReadSide;

[Collection(ReadSideHost.Name)]
public sealed class Rebuilding(ReadSideHost host)
{
    [Fact]
    public async Task Beside_live_traffic_ends_in_the_same_rows_and_can_be_switched_to_and_fro()
    {
        var skus = Enumerable.Range(0, 30).Select(_ => ReadSideHost.NewId("sku")).ToList();
        foreach (var sku in skus) await host.Shop.CommandAsync("inventory/add-stock", new { sku, quantity = 5 });

        var (status, body) = await host.SendAsync(HttpMethod.Post, "/api/projections/stock-levels/rebuild");
        Assert.Equal(HttpStatusCode.Accepted, status);
        var version = Stages(body).Single(each => each.Stage == "Building").Number;
        // Else it might be ready before it is asked about.
        await host.Host.Engine.SuspendInstanceAsync($"rebuild-stock-levels-{version}");
        Assert.Contains("under way", await host.ProblemAsync(HttpStatusCode.Conflict, HttpMethod.Post, "/api/projections/stock-levels/rebuild"), StringComparison.Ordinal);
        Assert.Contains(
            $"Version {version} of stock-levels is not ready",
            await host.ProblemAsync(HttpStatusCode.Conflict, HttpMethod.Post, "/api/projections/stock-levels/switch"), StringComparison.Ordinal);
        foreach (var sku in skus) await host.Shop.CommandAsync("inventory/add-stock", new { sku, quantity = 2 });
        await host.Host.Engine.ResumeInstanceAsync($"rebuild-stock-levels-{version}");

        var ready = await host.Shop.UntilAsync("/api/projections", list => Stages(Of(list, "stock-levels")).Contains((version, "Ready")));
        var progress = Of(ready, "stock-levels").GetProperty("rebuild");
        Assert.Equal((256, 256), (progress.GetProperty("ranges").GetInt32(), progress.GetProperty("ofRanges").GetInt32()));
        Assert.True(progress.GetProperty("count").GetProperty("streams").GetInt64() >= skus.Count, progress.ToString());
        Assert.True(progress.GetProperty("rate").GetDouble() > 0, progress.ToString());
        Assert.Equal(0, progress.GetProperty("remainingSeconds").GetDouble());
        await host.ProblemAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"/api/transactions/rebuild-stock-levels-{version}");
        await host.GetAsync("/api/transactions");

        foreach (var active in new[] { version, version - 1 })
        {
            var (switched, now) = await host.SendAsync(HttpMethod.Post, "/api/projections/stock-levels/switch");
            Assert.Equal((HttpStatusCode.OK, (active, "Active")), (switched, Stages(now)[0]));
            foreach (var sku in skus) await host.Shop.UntilAsync($"/api/inventory/stock/{sku}", row => row.GetProperty("onHand").GetInt32() == 7);
        }
    }

    [Fact]
    public async Task A_view_that_several_streams_feed_leaves_its_sums_as_they_were()
    {
        var (sku, card) = await host.Shop.SeedAsync(quantity: 50, limit: 1000);
        var customer = ReadSideHost.NewId("c");
        for (var i = 0; i < 5; i++) await host.PlaceAsync(sku, card, customer, price: 1.10m);
        await host.Shop.UntilAsync($"/api/ordering/customers/{customer}/orders", row => row.GetProperty("summary").GetProperty("confirmed").GetInt32() == 5);
        var before = (await host.GetAsync($"/api/ordering/customers/{customer}/orders")).Body.ToString();

        var (_, body) = await host.SendAsync(HttpMethod.Post, "/api/projections/orders-by-customer/rebuild");
        var version = Stages(body).Single(each => each.Stage == "Building").Number;
        await host.Shop.UntilAsync("/api/projections", list => Stages(Of(list, "orders-by-customer")).Contains((version, "Ready")));
        await host.SendAsync(HttpMethod.Post, "/api/projections/orders-by-customer/switch");

        Assert.Equal(before, (await host.GetAsync($"/api/ordering/customers/{customer}/orders")).Body.ToString());
    }

    [Fact]
    public async Task What_cannot_be_is_refused_by_name()
    {
        Assert.Contains("'nope'", await host.ProblemAsync(HttpStatusCode.NotFound, HttpMethod.Post, "/api/projections/nope/rebuild"), StringComparison.Ordinal);
        Assert.Contains("stock-levels", await host.ProblemAsync(HttpStatusCode.NotFound, HttpMethod.Post, "/api/projections/nope/switch"), StringComparison.Ordinal);
        Assert.Contains("rebuild it first", await host.ProblemAsync(HttpStatusCode.Conflict, HttpMethod.Post, "/api/projections/shipments/switch"), StringComparison.Ordinal);
    }

    private static JsonElement Of(JsonElement list, string name) =>
        list.GetProperty("items").EnumerateArray().Single(projection => projection.GetProperty("name").GetString() == name);

    private static List<(int Number, string Stage)> Stages(JsonElement projection) =>
        [.. projection.GetProperty("versions").EnumerateArray().Select(version => (version.GetProperty("number").GetInt32(), version.GetProperty("stage").GetString()!))];
}

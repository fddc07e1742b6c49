using System.Globalization;
using System.Net;
using System.Text.Json;
using Atomic.Services;
using Atomic.Services.Inventory;
using Xunit;

namespace Atomic.Integration.ReadSide;

[Collection(ReadSideHost.Name)]
public sealed class Reading(ReadSideHost host)
{
    [Fact]
    public async Task With_the_tokens_of_a_transaction_shows_it_everywhere()
    {
        var (sku, card) = await host.Shop.SeedAsync(quantity: 10, limit: 1000);
        var customer = ReadSideHost.NewId("c");
        await host.PlaceAsync(sku, card, customer, price: 10);
        var (second, transaction) = await host.PlaceAsync(sku, card, customer, price: 2.50m);
        var tokens = ReadSideHost.TokensOf(transaction);

        var order = (await host.GetAsync($"/api/ordering/orders/{second}", tokens)).Body;
        var orders = (await host.GetAsync($"/api/ordering/orders?customerId={customer}&state=Confirmed", tokens)).Body;
        var ofCustomer = (await host.GetAsync($"/api/ordering/customers/{customer}/orders", tokens)).Body;
        var overview = await host.Shop.UntilAsync($"/api/overview/orders/{second}", found => found.GetProperty("complete").GetBoolean(), tokens);

        Assert.Equal("Confirmed", order.GetProperty("state").GetString());
        var output = transaction.GetProperty("output");
        foreach (var (path, id, state) in new[] { ("payments/payments", "paymentId", "Captured"), ("shipping/shipments", "shipmentId", "Booked") })
        {
            Assert.Equal(state, (await host.GetAsync($"/api/{path}/{output.GetProperty(id).GetString()}", tokens)).Body.GetProperty("state").GetString());
            Assert.Single((await host.GetAsync($"/api/{path}?orderId={second}&state={state}", tokens)).Body.GetProperty("items").EnumerateArray());
        }

        Assert.Equal(2, (await host.GetAsync($"/api/inventory/stock/{sku}", tokens)).Body.GetProperty("reserved").GetInt32());
        Assert.Contains(second, Ids(orders));
        Assert.Contains(second, Ids(ofCustomer));
        Assert.True(overview.GetProperty("complete").GetBoolean(), overview.ToString());
        var sum = await host.Shop.UntilAsync($"/api/ordering/customers/{customer}/orders", row => row.GetProperty("summary").GetProperty("confirmed").GetInt32() == 2);
        Assert.Equal(12.5m, sum.GetProperty("summary").GetProperty("totals")[0].GetProperty("amount").GetDecimal());

        static IEnumerable<string?> Ids(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("orderId").GetString());
    }

    // Its token named no version, so the answer was whatever the projection had: nothing yet, or an older state.
    [Fact]
    public async Task With_the_token_of_a_command_that_had_nothing_to_do_shows_what_it_found()
    {
        var sku = ReadSideHost.NewId("sku");
        await host.GetAsync($"/api/inventory/stock/{sku}", await host.Shop.CommandAsync("inventory/add-stock", new { sku, quantity = 5 }));
        // By another process, and not published: this one knows of neither, and no projection does.
        await host.AppendAsync(sku, $"{sku}-2", new StockAdded(new Sku(sku), 2));
        await host.AppendAsync(sku, $"{sku}-3");

        var stock = (await host.GetAsync($"/api/inventory/stock/{sku}", $"inventoryStockItem:{sku}!{sku}-3")).Body;

        Assert.Equal(7, stock.GetProperty("onHand").GetInt32());
    }

    [Fact]
    public async Task A_days_revenue_counts_each_capture_once()
    {
        var (sku, card) = await host.Shop.SeedAsync(quantity: 10, limit: 1000);
        var (_, transaction) = await host.PlaceAsync(sku, card, price: 7.25m);
        var payment = transaction.GetProperty("output").GetProperty("paymentId").GetString()!;
        var day = transaction.GetProperty("endedAt").GetDateTimeOffset().UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        // Brought forward by the token, and then delivered as well.
        for (var i = 0; i < 2; i++)
        {
            var revenue = (await host.GetAsync($"/api/payments/revenue/{day}?pageSize=200", ReadSideHost.TokensOf(transaction))).Body;
            var items = revenue.GetProperty("items").EnumerateArray().ToList();
            Assert.Single(items, item => item.GetProperty("paymentId").GetString() == payment);
        }
    }

    [Theory]
    [InlineData("nonsense", HttpStatusCode.BadRequest, "'nonsense' is not a token")]
    [InlineData("orderingOrder:o-nope@x", HttpStatusCode.BadRequest, "'orderingOrder:o-nope@x' is not a token")]
    [InlineData("someTable:o-nope@1", HttpStatusCode.BadRequest, "no streams of 'someTable'")]
    [InlineData("orderingOrder:o-nope@3", HttpStatusCode.NotFound, "Stream orderingOrder:o-nope does not exist")]
    public async Task With_a_wrong_token_is_refused_by_name(string token, HttpStatusCode status, string why)
    {
        foreach (var path in new[] { "/api/ordering/orders/o-nope", "/api/ordering/orders", "/api/ordering/customers/c-nope/orders", "/api/overview/orders/o-nope" })
            Assert.Contains(why, await host.ProblemAsync(status, HttpMethod.Get, path, token: token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inventory/stock/x")]
    [InlineData("inventory/stock")]
    [InlineData("ordering/orders/x")]
    [InlineData("ordering/orders")]
    [InlineData("ordering/customers/x")]
    [InlineData("ordering/customers/x/orders")]
    [InlineData("payments/payments/x")]
    [InlineData("payments/payments")]
    [InlineData("payments/revenue/2030-01-31")]
    [InlineData("shipping/shipments/x")]
    [InlineData("shipping/shipments")]
    [InlineData("overview/orders/x")]
    [InlineData("overview/orders")]
    public async Task With_a_malformed_token_is_refused_by_every_query(string path) => Assert.Contains(
        "'nonsense' is not a token",
        await host.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Get, $"/api/{path}", token: "nonsense"), StringComparison.Ordinal);

    [Fact]
    public async Task With_a_token_ahead_of_its_stream_is_refused_by_name()
    {
        var (sku, _) = await host.Shop.SeedAsync(quantity: 1, limit: 1);

        Assert.Contains(
            $"Stream inventoryStockItem:{sku} is at version 1, not at 9",
            await host.ProblemAsync(HttpStatusCode.Conflict, HttpMethod.Get, $"/api/inventory/stock/{sku}", token: $"inventoryStockItem:{sku}@9"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_shows_its_events_forward_and_back_and_as_they_were()
    {
        var sku = ReadSideHost.NewId("sku");
        for (var i = 1; i <= 3; i++) await host.GetAsync($"/api/inventory/stock/{sku}", await host.Shop.CommandAsync("inventory/add-stock", new { sku, quantity = i }));

        var all = (await host.GetAsync($"/api/streams/inventory/{sku}")).Body;
        var early = (await host.GetAsync($"/api/streams/inventory/{sku}?asOf=2")).Body;
        var back = (await host.GetAsync($"/api/streams/inventoryStockItem/{sku}?order=desc&pageSize=2")).Body;
        var rest = (await host.GetAsync($"/api/streams/inventory/{sku}?order=desc&pageSize=2&fromVersion={back.GetProperty("nextFromVersion").GetInt64()}")).Body;
        var at = Uri.EscapeDataString(all.GetProperty("events")[0].GetProperty("at").GetString()!);
        var atFirst = (await host.GetAsync($"/api/streams/inventory/{sku}?asOf={at}")).Body;

        Assert.Equal([1, 2, 3], Versions(all));
        Assert.Equal([1, 2], Versions(early));
        Assert.Equal([3, 2], Versions(back));
        Assert.Equal([1], Versions(rest));
        Assert.Equal([1], Versions(atFirst));
        Assert.Equal((6, 3, 1), (OnHand(all), OnHand(early), OnHand(atFirst)));

        static long[] Versions(JsonElement stream) => [.. stream.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("version").GetInt64())];
        static int OnHand(JsonElement stream) => stream.GetProperty("state").GetProperty("onHand").GetInt32();
    }

    [Theory]
    [InlineData("inventory/{sku}?asOf=2999-01-01T00:00:00Z", HttpStatusCode.BadRequest, "2999-01-01T00:00:00Z is in the future")]
    [InlineData("inventory/{sku}?asOf=7", HttpStatusCode.BadRequest, "version 7 is in the future: the stream is at version 1")]
    [InlineData("inventory/{sku}?asOf=yesterday", HttpStatusCode.BadRequest, "must be a version, or a time")]
    [InlineData("inventory/{sku}?fromVersion=0", HttpStatusCode.BadRequest, "fromVersion")]
    [InlineData("inventory/{sku}?order=up", HttpStatusCode.BadRequest, "asc or desc")]
    [InlineData("inventory/{sku}?colour=red", HttpStatusCode.BadRequest, "colour")]
    [InlineData("inventory/nope", HttpStatusCode.NotFound, "'nope'")]
    [InlineData("nope/{sku}", HttpStatusCode.NotFound, "there are: ordering")]
    public async Task A_stream_that_cannot_be_shown_as_asked_is_refused_by_name(string path, HttpStatusCode status, string why)
    {
        var sku = ReadSideHost.NewId("sku");
        await host.GetAsync($"/api/inventory/stock/{sku}", await host.Shop.CommandAsync("inventory/add-stock", new { sku, quantity = 1 }));

        Assert.Contains(why, await host.ProblemAsync(status, HttpMethod.Get, $"/api/streams/{path.Replace("{sku}", sku, StringComparison.Ordinal)}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_flows_shows_who_sends_what_to_whom()
    {
        await host.Shop.SeedAsync(quantity: 1, limit: 1);
        var answer = (await host.GetAsync("/api/flows")).Body;
        var flows = answer.GetProperty("flows").EnumerateArray().ToList();
        var messages = answer.GetProperty("messages").EnumerateArray().ToDictionary(message => Text(message, "name"));

        var heard = flows.Single(flow => Text(flow, "to") == "stock-levels" && Text(flow, "message") == "StockAdded.v1");
        var sent = flows.Single(flow => Text(flow, "message") == "AddStock");
        Assert.Equal(("inventory", "events:stock-levels", "ProjectStockLevels"), (Text(heard, "from"), Text(heard, "via"), Text(heard, "function")));
        Assert.Equal(("http", "inventory", "HandleInventoryCommands"), (Text(sent, "from"), Text(sent, "to"), Text(sent, "function")));
        Assert.True(sent.GetProperty("observed").GetInt64() > 0);
        Assert.Equal(("notification", "state"), (Text(messages["CustomerRegistered.v1"], "transfer"), Text(messages["StockAdded.v1"], "transfer")));
        Assert.Equal("""{"sku":"sku-1","quantity":1}""", messages["StockAdded.v1"].GetProperty("example").GetRawText());
        Assert.DoesNotContain(flows, flow => Text(flow, "to") == "shipments" && Text(flow, "from") != "shipping");

        static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Atomic.Testing.Shop;
using Xunit;

namespace Atomic.Integration.Shop;

[Collection(RunningHost.Name)]
public sealed class Placing_an_order(RunningHost host)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ShopClient _shop = host.Shop;

    [Fact]
    public async Task Confirms_the_order_reserves_the_stock_captures_the_payment_and_books_the_shipment()
    {
        var (sku, card) = await _shop.SeedAsync(10, limit: 1000);

        var transaction = await _shop.PlaceToEndAsync(ShopClient.Order(sku, card, quantity: 3, price: 12.50m));

        Assert.Equal("Completed", transaction.GetProperty("state").GetString());
        Assert.All(transaction.GetProperty("steps").EnumerateArray(), step => Assert.Equal("Succeeded", step.GetProperty("state").GetString()));
        var output = transaction.GetProperty("output");
        var order = await _shop.GetAfterAsync($"/api/ordering/orders/{output.GetProperty("orderId").GetString()}", transaction, "orderingOrder");
        var stock = await _shop.GetAfterAsync($"/api/inventory/stock/{sku}", transaction, "inventoryStockItem");
        var payment = await _shop.GetAfterAsync($"/api/payments/payments/{output.GetProperty("paymentId").GetString()}", transaction, "paymentsPayment");
        var shipment = await _shop.GetAfterAsync($"/api/shipping/shipments/{output.GetProperty("shipmentId").GetString()}", transaction, "shippingShipment");
        Assert.Equal(("Confirmed", 37.50m), (order.GetProperty("state").GetString(), order.GetProperty("total").GetProperty("amount").GetDecimal()));
        Assert.Equal((10, 3, 7), (stock.GetProperty("onHand").GetInt32(), stock.GetProperty("reserved").GetInt32(), stock.GetProperty("available").GetInt32()));
        Assert.Equal(("Captured", card[^4..]), (payment.GetProperty("state").GetString(), payment.GetProperty("card").GetString()));
        Assert.Equal("Booked", shipment.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Takes_less_than_a_second_on_a_host_that_is_warm()
    {
        var (sku, card) = await _shop.SeedAsync(100, limit: 1000);
        var (shortest, began) = (TimeSpan.MaxValue, TimeProvider.System.GetTimestamp());

        // The quickest of several tries, so that what else the machine does matters little.
        while (shortest >= Second && TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            var transaction = await _shop.PlaceToEndAsync(ShopClient.Order(sku, card));
            var took = transaction.GetProperty("endedAt").GetDateTimeOffset() - transaction.GetProperty("startedAt").GetDateTimeOffset();
            if (took < shortest) shortest = took;
        }

        Assert.InRange(shortest, TimeSpan.Zero, Second);
    }

    [Fact]
    public async Task Is_reverted_when_the_card_is_declined()
    {
        var (sku, card) = await _shop.SeedAsync(10, limit: 5);

        var transaction = await _shop.PlaceToEndAsync(ShopClient.Order(sku, card, price: 10));

        AssertCompensated(transaction, "over its limit");
        await AssertStockUntouchedAsync(sku, 10, transaction);
        Assert.Equal("Cancelled", (await OrderOf(transaction)).GetProperty("state").GetString());
        var output = transaction.GetProperty("output");
        var shipment = await _shop.GetAfterAsync($"/api/shipping/shipments/{output.GetProperty("shipmentId").GetString()}", transaction, "shippingShipment");
        Assert.Equal("Cancelled", shipment.GetProperty("state").GetString());
        var payment = await _shop.GetAfterAsync($"/api/payments/payments/{output.GetProperty("paymentId").GetString()}", transaction, "paymentsPayment");
        Assert.Equal("Declined", payment.GetProperty("state").GetString());
        await AssertRevertedInItsStreamsAsync(transaction, sku);
    }

    [Fact]
    public async Task Is_reverted_when_the_card_is_not_registered()
    {
        var (sku, _) = await _shop.SeedAsync(10, limit: 5);

        AssertCompensated(await _shop.PlaceToEndAsync(ShopClient.Order(sku, "4000000000000000")), "not registered");
    }

    [Fact]
    public async Task Is_reverted_when_the_stock_is_short()
    {
        var (sku, card) = await _shop.SeedAsync(2, limit: 1000);

        var transaction = await _shop.PlaceToEndAsync(ShopClient.Order(sku, card, quantity: 3));

        AssertCompensated(transaction, "3 wanted, 2 available");
        await AssertStockUntouchedAsync(sku, 2, transaction);
        Assert.Equal("Cancelled", (await OrderOf(transaction)).GetProperty("state").GetString());
        Assert.Contains("OrderCancelled.v1", await EventsOf("orderingOrder", transaction.GetProperty("output").GetProperty("orderId").GetString()!));
        Assert.Empty(await EventsOf("paymentsPayment", transaction.GetProperty("output").GetProperty("paymentId").GetString()!));
    }

    [Fact]
    public async Task Is_reverted_as_a_whole_when_one_of_two_products_is_short()
    {
        var (plenty, card) = await _shop.SeedAsync(10, limit: 1000);
        var (scarce, _) = await _shop.SeedAsync(1, limit: 1);
        var order = JsonSerializer.SerializeToNode(ShopClient.Order(plenty, card))!;
        order.AsObject().Remove("orderId");
        order["lines"]!.AsArray().Add(JsonSerializer.SerializeToNode(new { sku = scarce, quantity = 2, unitPrice = new { amount = 1, currency = "EUR" } }));

        var transaction = await _shop.PlaceToEndAsync(order);

        AssertCompensated(transaction, $"Too little stock of {scarce}");
        await AssertStockUntouchedAsync(plenty, 10, transaction);
        await AssertStockUntouchedAsync(scarce, 1, transaction);
    }

    [Fact]
    public async Task Is_reverted_when_the_address_cannot_be_served()
    {
        var (sku, card) = await _shop.SeedAsync(10, limit: 1000);

        var transaction = await _shop.PlaceToEndAsync(ShopClient.Order(sku, card, country: "AQ"));

        AssertCompensated(transaction, "'AQ' is not served");
        await AssertStockUntouchedAsync(sku, 10, transaction);
        Assert.Equal("Cancelled", (await OrderOf(transaction)).GetProperty("state").GetString());
        Assert.Empty(await EventsOf("paymentsPayment", transaction.GetProperty("output").GetProperty("paymentId").GetString()!));
    }

    [Fact]
    public async Task Twice_with_one_key_is_one_transaction_and_with_another_body_is_refused()
    {
        var (sku, card) = await _shop.SeedAsync(10, limit: 1000);
        var key = Guid.NewGuid().ToString();

        var starts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _shop.PlaceAsync(ShopClient.Order(sku, card), key)));

        var id = Assert.Single(starts.Select(start => start.Body.GetProperty("id").GetString()).Distinct());
        var transaction = await _shop.EndOfAsync(id!);
        Assert.Equal(HttpStatusCode.OK, (await _shop.PlaceAsync(ShopClient.Order(sku, card), key)).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _shop.PlaceAsync(ShopClient.Order(sku, card, quantity: 2), key)).Status);
        var stock = await _shop.GetAfterAsync($"/api/inventory/stock/{sku}", transaction, "inventoryStockItem");
        Assert.Equal(9, stock.GetProperty("available").GetInt32());
    }

    private async Task AssertRevertedInItsStreamsAsync(JsonElement transaction, string sku)
    {
        var output = transaction.GetProperty("output");
        Assert.Equal(["StockReserved.v1", "StockReleased.v1"], (await EventsOf("inventoryStockItem", sku)).Skip(1));
        Assert.Equal("OrderCancelled.v1", (await EventsOf("orderingOrder", output.GetProperty("orderId").GetString()!))[^1]);
        Assert.Equal("ShipmentCancelled.v1", (await EventsOf("shippingShipment", output.GetProperty("shipmentId").GetString()!))[^1]);
    }

    private async Task<List<string>> EventsOf(string category, string id)
    {
        using var response = await _shop.Http.GetAsync(new Uri($"/api/streams/{category}/{id}", UriKind.Relative));
        if (response.StatusCode == HttpStatusCode.NotFound) return [];
        var stream = await response.Content.ReadFromJsonAsync<JsonElement>();
        return [.. stream.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString()!)];
    }

    private Task<JsonElement> OrderOf(JsonElement transaction) => _shop.GetAfterAsync(
        $"/api/ordering/orders/{transaction.GetProperty("output").GetProperty("orderId").GetString()}", transaction, "orderingOrder");

    private async Task AssertStockUntouchedAsync(string sku, int quantity, JsonElement transaction)
    {
        var stock = await _shop.GetAfterAsync($"/api/inventory/stock/{sku}", transaction, "inventoryStockItem");
        Assert.Equal((quantity, 0), (stock.GetProperty("onHand").GetInt32(), stock.GetProperty("reserved").GetInt32()));
    }

    private static void AssertCompensated(JsonElement transaction, string reason)
    {
        Assert.Equal("Compensated", transaction.GetProperty("state").GetString());
        Assert.Contains(reason, transaction.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }
}

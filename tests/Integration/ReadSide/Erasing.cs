using System.Net;
using System.Text.Json;
using Xunit;

namespace Atomic.Integration.ReadSide;

[Collection(ReadSideHost.Name)]
public sealed class Erasing(ReadSideHost host)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task A_customer_leaves_no_plaintext_anywhere_and_nothing_to_be_read()
    {
        var (sku, card) = await host.Shop.SeedAsync(quantity: 10, limit: 1000);
        var (customer, mark) = (ReadSideHost.NewId("c"), $"{Guid.NewGuid():N}"[..12]);
        var (name, email, street) = ($"Ada{mark}", $"ada{mark}@example.org", $"Street{mark} 1");
        var registered = await host.Shop.CommandAsync("ordering/register-customer", new { customerId = customer, name, email });
        var transaction = await host.Shop.PlaceToEndAsync(new
        {
            customerId = customer,
            lines = new[] { new { sku, quantity = 1, unitPrice = new { amount = 10, currency = "EUR" } } },
            card,
            address = new { name, street, city = "Town", postalCode = "10000", country = "DE" },
        });
        var shipment = $"/api/shipping/shipments/{transaction.GetProperty("output").GetProperty("shipmentId").GetString()}";
        Assert.Equal((name, email), Contact((await host.GetAsync($"/api/ordering/customers/{customer}", registered)).Body));
        await host.Shop.UntilAsync(shipment, row => Street(row) == street);

        // Even while they can be read, they are nowhere in the clear: not in a row, not in a message, not in a history.
        Assert.Empty(await FindAsync(name, email, street));
        Assert.NotEmpty(await FindAsync($"sealed:{customer}"));

        await host.Shop.CommandAsync("ordering/erase-customer", new { customerId = customer });

        await host.Shop.UntilAsync($"/api/ordering/customers/{customer}", row => row.GetProperty("erased").GetBoolean());
        await ScrubbedAsync(customer);
        var erased = (await host.GetAsync(shipment)).Body;
        Assert.Equal("[erased]", Street(erased));
        Assert.Equal(("[erased]", "DE"), (erased.GetProperty("address").GetProperty("name").GetString(), erased.GetProperty("address").GetProperty("country").GetString()));
        Assert.Equal(("[erased]", "[erased]"), Contact((await host.GetAsync($"/api/ordering/customers/{customer}")).Body));
        Assert.Empty(await FindAsync(name, email, street));
        var events = (await host.GetAsync($"/api/streams/orderingCustomer/{customer}")).Body.GetProperty("events");
        Assert.Equal(["CustomerRegistered.v1", "CustomerErased.v1"], events.EnumerateArray().Select(e => e.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task A_customer_who_is_not_named_is_refused() => Assert.Contains(
        "customerId", await host.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/commands/ordering/erase-customer", new { }), StringComparison.Ordinal);

    private static (string?, string?) Contact(JsonElement customer) => (customer.GetProperty("name").GetString(), customer.GetProperty("email").GetString());

    private static string? Street(JsonElement shipment) => shipment.GetProperty("address").GetProperty("street").GetString();

    // Of the rows themselves: what they show is erased as soon as the key is.
    private async Task ScrubbedAsync(string customer)
    {
        var began = TimeProvider.System.GetTimestamp();
        while ((await FindAsync($"sealed:{customer}")).Where(place => place.Contains(" in read", StringComparison.Ordinal)).ToList() is { Count: > 0 } left)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, string.Join(Environment.NewLine, left));
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private async Task<List<string>> FindAsync(params string[] texts) =>
        await StoredEverywhere.FindAsync(await host.Azurite.ConnectionStringAsync(), host.Host.DataFolder, texts);
}

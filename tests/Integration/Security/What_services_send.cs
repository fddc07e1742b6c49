using System.Text.Json;
using Atomic.Functions.Providers;
using Atomic.Services;
using Atomic.Services.Payments;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Atomic.Testing.Shop;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Atomic.Integration.Security;

/// <summary>API7 and API10 of the OWASP API Security Top 10: what others send is not believed, not followed, and not taken without end.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class What_services_send(AzuriteFixture azurite)
{
    private const string TooMuch = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999999999\r\n\r\n{";
    private const string Nonsense = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnull";
    private const string NotJson = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\nConnection: close\r\n\r\n<h1>";

    [Fact]
    [Trait(Owasp.Name, Owasp.Ssrf)]
    [Trait(Owasp.Name, Owasp.UnsafeConsumption)]
    public async Task Leads_the_overview_nowhere_else()
    {
        await using var inside = new MuteService();
        await using var misleading = new MuteService(Moved("302 Found", inside));

        var payments = await AskedAsync(misleading);

        Assert.True(misleading.Callers > 0);
        Assert.Equal((false, "It answered 302."), payments);
        Assert.Equal(0, inside.Callers);
    }

    [Theory]
    [InlineData(TooMuch, "the request failed.")]
    [InlineData(NotJson, "what it said cannot be read.")]
    [InlineData(Nonsense, "what it said cannot be read.")]
    [Trait(Owasp.Name, Owasp.UnsafeConsumption)]
    public async Task Is_left_out_of_the_overview_when_it_cannot_be_what_was_asked_for(string says, string reason)
    {
        await using var odd = new MuteService(says);

        Assert.Equal((false, $"payments does not answer: {reason}"), await AskedAsync(odd));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"items\":[{}]}")]
    [InlineData("{\"items\":[{\"orderId\":1}],\"lines\":[7]}")]
    [InlineData("{\"items\":7,\"lines\":7}")]
    [Trait(Owasp.Name, Owasp.UnsafeConsumption)]
    public async Task Is_left_out_of_the_overview_when_it_says_something_else(string says)
    {
        await using var odd = new MuteService($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {says.Length}\r\nConnection: close\r\n\r\n{says}");
        await using var host = await AppHost.StartAsync(await azurite.ConnectionStringAsync(), settings: ("Services__ordering", odd.Address));

        var shop = new ShopClient(host.Client);
        var one = await shop.GetAsync("/api/overview/orders/o-1");
        var list = await shop.UntilAsync("/api/overview/orders", answer => IsInTime(answer.GetProperty("reason").GetString()));

        Assert.False(one.GetProperty("complete").GetBoolean());
        Assert.Empty(list.GetProperty("items").EnumerateArray());
        Assert.Equal("What ordering says cannot be read.", list.GetProperty("reason").GetString());
    }

    // What is sent there is a card's number.
    [Theory]
    [InlineData("307 Temporary Redirect")]
    [InlineData("308 Permanent Redirect")]
    [Trait(Owasp.Name, Owasp.Ssrf)]
    [Trait(Owasp.Name, Owasp.UnsafeConsumption)]
    public async Task Takes_no_card_to_another_provider(string status)
    {
        await using var inside = new MuteService();
        await using var misleading = new MuteService(Moved(status, inside));
        await using var services = new ServiceCollection().AddPaymentProvider(new Uri(misleading.Address)).BuildServiceProvider();

        await Assert.ThrowsAsync<HttpRequestException>(() => services.GetRequiredService<IPaymentProvider>()
            .AuthorizeAsync("t-1:authorize", PaymentId.Of("pay-1"), new CardNumber("4111111111111111"), new Money(1, "EUR"), default));

        Assert.True(misleading.Callers > 0);
        Assert.Equal(0, inside.Callers);
    }

    private static string Moved(string status, MuteService to) =>
        $"HTTP/1.1 {status}\r\nLocation: {to.Address}/inside\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    /// <summary>What the overview has of payments when those are asked there.</summary>
    private async Task<(bool Available, string? Reason)> AskedAsync(MuteService payments)
    {
        await using var host = await AppHost.StartAsync(await azurite.ConnectionStringAsync(), settings: ("Services__payments", payments.Address));
        var shop = new ShopClient(host.Client);
        if ((await shop.GetAsync("/api/ordering/orders")).GetProperty("items").GetArrayLength() == 0)
        {
            var (sku, card) = await shop.SeedAsync(quantity: 1, limit: 100);
            var placed = await shop.PlaceToEndAsync(ShopClient.Order(sku, card));
            await shop.GetAfterAsync($"/api/ordering/orders/{placed.GetProperty("output").GetProperty("orderId").GetString()}", placed, "orderingOrder");
        }

        var section = PaymentsOf(await shop.UntilAsync("/api/overview/orders?pageSize=1", overview =>
            overview.GetProperty("items").GetArrayLength() > 0 && IsInTime(PaymentsOf(overview).GetProperty("reason").GetString())));
        return (section.GetProperty("available").GetBoolean(), section.GetProperty("reason").GetString());
    }

    private static JsonElement PaymentsOf(JsonElement overview) =>
        overview.GetProperty("items")[0].GetProperty("sections").EnumerateArray().Single(each => each.GetProperty("name").GetString() == "payments");

    // On a busy machine that may be so for all that are asked.
    private static bool IsInTime(string? reason) => reason?.EndsWith("it takes too long.", StringComparison.Ordinal) != true;
}

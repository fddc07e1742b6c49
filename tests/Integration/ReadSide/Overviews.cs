using System.Net;
using System.Text.Json;
using Atomic.Functions.Overview;
using Atomic.Testing.Hosting;
using Atomic.Testing.Shop;
using Xunit;

namespace Atomic.Integration.ReadSide;

[Collection(ReadSideHost.Name)]
public sealed class Overviews(ReadSideHost host)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Compose_what_the_services_say_with_the_version_and_lag_of_each()
    {
        var (sku, card) = await host.Shop.SeedAsync(quantity: 10, limit: 1000);
        var (order, transaction) = await host.PlaceAsync(sku, card);

        var overview = await host.Shop.UntilAsync($"/api/overview/orders/{order}", IsComplete, ReadSideHost.TokensOf(transaction));

        var sections = Sections(overview);
        Assert.True(overview.GetProperty("complete").GetBoolean(), overview.ToString());
        Assert.Equal(["order", "payments", "shipments", $"stock:{sku}"], sections.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("Confirmed", sections["order"].GetProperty("data").GetProperty("state").GetString());
        Assert.Equal($"orderingOrder:{order}@2", sections["order"].GetProperty("asOf")[0].GetString());
        Assert.All(sections.Values, section => Assert.Equal(0, section.GetProperty("lag").GetInt64()));
        Assert.All(sections.Values, section => Assert.NotEmpty(section.GetProperty("asOf").EnumerateArray()));
        Assert.Equal("Captured", sections["payments"].GetProperty("data")[0].GetProperty("state").GetString());
        Assert.Equal($"shippingShipment:ship-{order}@1", sections["shipments"].GetProperty("asOf")[0].GetString());
    }

    [Fact]
    public async Task Are_partial_with_the_reason_when_a_service_is_down()
    {
        await using var lame = await ReadSideHost.StartAsync(host.Azurite, null, ("Services__payments", "http://127.0.0.1:9"));
        var (sku, card) = await host.Shop.SeedAsync(quantity: 10, limit: 1000);
        var (order, transaction) = await host.PlaceAsync(sku, card);
        await host.GetAsync("/api/ordering/orders", ReadSideHost.TokensOf(transaction));

        var shop = new ShopClient(lame.Client);
        var overview = await shop.UntilAsync($"/api/overview/orders/{order}", found => Has(found, "order"));
        var list = await shop.UntilAsync("/api/overview/orders?pageSize=1", HasItems);

        Assert.False(overview.GetProperty("complete").GetBoolean());
        var payments = Sections(overview)["payments"];
        Assert.False(payments.GetProperty("available").GetBoolean());
        Assert.StartsWith("payments does not answer: ", payments.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("Confirmed", Sections(overview)["order"].GetProperty("data").GetProperty("state").GetString());
        Assert.False(Sections(list.GetProperty("items")[0])["payments"].GetProperty("available").GetBoolean());
    }

    [Fact]
    public async Task Are_partial_within_the_deadline_when_services_take_the_call_and_never_answer()
    {
        await using var mute = new MuteService();
        await using var halting = new MuteService(MuteService.HalfAnAnswer);
        await using var lame = await ReadSideHost.StartAsync(host.Azurite, null, ("Services__payments", mute.Address), ("Services__shipping", halting.Address));
        var (sku, card) = await host.Shop.SeedAsync(quantity: 10, limit: 1000);
        var (order, transaction) = await host.PlaceAsync(sku, card);
        await host.GetAsync("/api/ordering/orders", ReadSideHost.TokensOf(transaction));

        var overview = await InTimeAsync(lame, $"/api/overview/orders/{order}", found => Has(found, "order") && Has(found, $"stock:{sku}"));
        var list = await InTimeAsync(lame, "/api/overview/orders?pageSize=1", HasItems);

        Assert.True(mute.Callers > 0 && halting.Callers > 0);
        Assert.False(overview.GetProperty("complete").GetBoolean());
        var sections = Sections(overview);
        Assert.Equal("Confirmed", sections["order"].GetProperty("data").GetProperty("state").GetString());
        Assert.True(sections[$"stock:{sku}"].GetProperty("available").GetBoolean());
        foreach (var each in new[] { sections, Sections(Assert.Single(list.GetProperty("items").EnumerateArray())) })
        {
            Assert.Equal((false, "payments does not answer: it takes too long."), Answer(each["payments"]));
            Assert.Equal((false, "shipping does not answer: it takes too long."), Answer(each["shipments"]));
        }
    }

    [Fact]
    public async Task Say_so_when_it_is_the_service_of_the_orders_that_never_answers()
    {
        await using var mute = new MuteService();
        await using var lame = await ReadSideHost.StartAsync(host.Azurite, null, ("Services__ordering", mute.Address));

        var overview = await InTimeAsync(lame, "/api/overview/orders/o-1", found => Has(found, "payments"));
        var list = await InTimeAsync(lame, "/api/overview/orders", _ => true);

        Assert.Equal((false, "ordering does not answer: it takes too long."), Answer(Sections(overview)["order"]));
        Assert.Equal((false, "Which products the order has is not known."), Answer(Sections(overview)["stock"]));
        Assert.True(Sections(overview)["payments"].GetProperty("available").GetBoolean());
        Assert.Equal("ordering does not answer: it takes too long.", list.GetProperty("reason").GetString());
        Assert.Empty(list.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Of_an_order_that_does_not_exist_are_404() =>
        Assert.Contains("o-nope", await host.ProblemAsync(HttpStatusCode.NotFound, HttpMethod.Get, "/api/overview/orders/o-nope"), StringComparison.Ordinal);

    [Fact]
    public async Task Are_listed_a_page_at_a_time()
    {
        var (sku, card) = await host.Shop.SeedAsync(quantity: 10, limit: 1000);
        var customer = ReadSideHost.NewId("c");
        var tokens = new List<string>();
        for (var i = 0; i < 3; i++) tokens.Add(ReadSideHost.TokensOf((await host.PlaceAsync(sku, card, customer)).Transaction));

        var first = await host.Shop.UntilAsync($"/api/overview/orders?customerId={customer}&pageSize=2", IsWhole, string.Join(", ", tokens));
        var next = Uri.EscapeDataString(first.GetProperty("continuation").GetString()!);
        var second = await host.Shop.UntilAsync($"/api/overview/orders?customerId={customer}&pageSize=2&continuation={next}", IsWhole);

        var items = first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).ToList();
        Assert.Equal(3, items.Select(item => item.GetProperty("id").GetString()).Distinct().Count());
        foreach (var item in items)
        {
            var sections = Sections(item);
            Assert.Equal(["order", "payments", "shipments"], sections.Keys.Order(StringComparer.Ordinal));
            Assert.StartsWith($"orderingOrder:{item.GetProperty("id").GetString()}@", Assert.Single(sections["order"].GetProperty("asOf").EnumerateArray()).GetString(), StringComparison.Ordinal);
            Assert.All(sections.Values, section => Assert.InRange(section.GetProperty("lag").GetInt64(), 0, 2));
        }

        Assert.Contains("at most 20", await host.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Get, "/api/overview/orders?pageSize=21"), StringComparison.Ordinal);
    }

    /// <summary>
    /// What is answered once the services that can answer have, and none of the answers later than the deadline allows: of two services one after
    /// the other, on a busy machine.
    /// </summary>
    private static async Task<JsonElement> InTimeAsync(InProcessHost host, string path, Func<JsonElement, bool> hasAnswered)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var began = TimeProvider.System.GetTimestamp();
            var answer = JsonSerializer.Deserialize<JsonElement>(await host.Client.GetStringAsync(new Uri(path, UriKind.Relative)));
            Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, 12 * ServiceQueries.Deadline);
            if (hasAnswered(answer) || limit.IsCancellationRequested) return answer;
        }
    }

    private static bool IsComplete(JsonElement overview) => overview.GetProperty("complete").GetBoolean();

    private static bool Has(JsonElement overview, string section) =>
        Sections(overview).TryGetValue(section, out var found) && found.GetProperty("available").GetBoolean();

    private static bool HasItems(JsonElement list) => list.GetProperty("items").GetArrayLength() > 0;

    private static bool IsWhole(JsonElement list) => HasItems(list) && list.GetProperty("items").EnumerateArray()
        .SelectMany(item => Sections(item).Values).All(section => section.GetProperty("available").GetBoolean());

    private static (bool Available, string? Reason) Answer(JsonElement section) =>
        (section.GetProperty("available").GetBoolean(), section.GetProperty("reason").GetString());

    private static Dictionary<string, JsonElement> Sections(JsonElement overview) =>
        overview.GetProperty("sections").EnumerateArray().ToDictionary(section => section.GetProperty("name").GetString()!);
}

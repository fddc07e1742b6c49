using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Integration.Security;

/// <summary>
/// API3 of the OWASP API Security Top 10. What was sent into the app (inputs, commands, events) is shown to <c>Payload.Read</c> alone. Read
/// models are what the services made to be read, and each reader reads them. Every route takes a side; a new one has none yet, and fails here.
/// </summary>
[Collection(GuardedApp.Name)]
public sealed partial class Who_sees_payloads(GuardedApp app)
{
    private static readonly string[] Reader = ["reader"];
    private static readonly string[] ReaderOfPayloads = ["reader", "Payload.Read"];
    private static readonly string[] Operator = ["operator"];
    private static readonly string[] OperatorWithPayloads = ["operator", "Payload.Read"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly Dictionary<string, Side> Sides = new()
    {
        ["GET /"] = Side.HoldsNone,
        ["GET /api/openapi.json"] = Side.HoldsNone,
        ["GET /api/health"] = Side.HoldsNone,
        ["GET /api/flows"] = Side.HoldsNone,
        ["GET /api/definitions"] = Side.HoldsNone,
        ["GET /api/definitions/{name}"] = Side.HoldsNone,
        ["GET /api/projections"] = Side.HoldsNone,
        ["GET /api/event-store/exports"] = Side.HoldsNone,
        ["GET /api/event-store/restore/{day}"] = Side.HoldsNone,
        ["GET /api/dead-letters"] = Side.HoldsNone,
        ["GET /api/transactions/{id}/timeline"] = Side.HoldsNone,

        ["GET /api/streams/{context}/{id}"] = Side.Redacts,
        ["GET /api/dead-letters/{id}"] = Side.Redacts,
        ["GET /api/transactions/{id}"] = Side.Redacts,
        ["GET /api/transactions"] = Side.Redacts,
        ["POST /api/transactions/{definition}"] = Side.Redacts,
        ["POST /api/transactions/{id}/cancel"] = Side.Redacts,
        ["POST /api/transactions/{id}/approvals/{step}"] = Side.Redacts,
        ["POST /api/transactions/{id}/events/{step}"] = Side.Redacts,
        ["POST /api/transactions/{id}/steps/{step}/retry"] = Side.Redacts,
        ["POST /api/transactions/{id}/steps/{step}/resolve"] = Side.Redacts,

        ["GET /api/ordering/orders"] = Side.ReadModel,
        ["GET /api/ordering/orders/{id}"] = Side.ReadModel,
        ["GET /api/ordering/customers/{id}"] = Side.ReadModel,
        ["GET /api/ordering/customers/{id}/orders"] = Side.ReadModel,
        ["GET /api/inventory/stock"] = Side.ReadModel,
        ["GET /api/inventory/stock/{id}"] = Side.ReadModel,
        ["GET /api/payments/payments"] = Side.ReadModel,
        ["GET /api/payments/payments/{id}"] = Side.ReadModel,
        ["GET /api/payments/revenue/{day}"] = Side.ReadModel,
        ["GET /api/shipping/shipments"] = Side.ReadModel,
        ["GET /api/shipping/shipments/{id}"] = Side.ReadModel,
        ["GET /api/overview/orders"] = Side.ReadModel,
        ["GET /api/overview/orders/{id}"] = Side.ReadModel,

        ["POST /api/commands/{context}/{command}"] = Side.HoldsNone,
        ["POST /api/transactions/retry"] = Side.HoldsNone,
        ["POST /api/projections/{name}/rebuild"] = Side.HoldsNone,
        ["POST /api/projections/{name}/switch"] = Side.HoldsNone,
        ["POST /api/dead-letters/{id}/resubmit"] = Side.HoldsNone,
        ["DELETE /api/dead-letters/{id}"] = Side.HoldsNone,
        ["POST /api/event-store/restore"] = Side.HoldsNone,
    };

    private enum Side
    {
        /// <summary>Its answer has nothing of what was sent.</summary>
        HoldsNone,

        /// <summary>Its answer says that something is there, and shows it to who may see it.</summary>
        Redacts,

        /// <summary>Its answer is made to be read.</summary>
        ReadModel,
    }

    [Fact]
    [Trait(Owasp.Name, Owasp.Properties)]
    public void Is_said_of_every_route() =>
        Assert.Equal(Route.All.Select(route => route.ToString()).Order(StringComparer.Ordinal), Sides.Keys.Order(StringComparer.Ordinal));

    [Fact]
    [Trait(Owasp.Name, Owasp.Properties)]
    public async Task Is_what_each_route_keeps_to()
    {
        var seeded = await SeedAsync();
        var wrong = new List<string>();
        foreach (var (name, side) in Sides.Where(each => each.Key.StartsWith("GET ", StringComparison.Ordinal)))
        {
            var path = seeded.Fill(name["GET ".Length..]);
            var (seen, shown) = (await app.AskAsync(HttpMethod.Get, path, Reader), await app.AskAsync(HttpMethod.Get, path, ReaderOfPayloads));
            if (seen.Status != HttpStatusCode.OK && !name.Contains("restore", StringComparison.Ordinal)) wrong.Add($"{name} at {path}: {(int)seen.Status} {seen.Body}");
            var isKept = side switch
            {
                Side.HoldsNone => !Canary().IsMatch(shown.Body),
                Side.Redacts => !Canary().IsMatch(seen.Body) && Canary().IsMatch(shown.Body) && seen.Body.Contains("Payload.Read", StringComparison.Ordinal),
                _ => !seen.Body.Contains("Payload.Read", StringComparison.Ordinal),
            };
            if (!isKept) wrong.Add($"{name} does not keep to '{side}': {seen.Body}\n{shown.Body}");
        }

        Assert.Empty(wrong);
    }

    // Whoever may start it knows what they sent; an answer is read by others, too.
    [Fact]
    [Trait(Owasp.Name, Owasp.Properties)]
    public async Task Is_the_same_for_what_was_just_started()
    {
        var transfer = new { from = NewId("a"), to = NewId("b"), amount = new { amount = 77.77, currency = "EUR" } };

        var (_, redacted) = await app.AskAsync(HttpMethod.Post, "/api/transactions/transfer-money", Operator, transfer);
        var (_, shown) = await app.AskAsync(HttpMethod.Post, "/api/transactions/transfer-money", OperatorWithPayloads, transfer);

        Assert.DoesNotMatch(Canary(), redacted);
        Assert.Matches(Canary(), shown);
    }

    private static string NewId(string prefix) => $"{prefix}-{Guid.NewGuid():N}"[..20];

    private async Task<Seeded> SeedAsync()
    {
        var (sku, card, customer, letter) = (NewId("sku"), NewId("canary"), NewId("c"), NewId("letter"));
        await AcceptedAsync("/api/commands/inventory/add-stock", new { sku, quantity = 7 });
        await AcceptedAsync("/api/commands/payments/register-card", new { card, limit = new { amount = 100, currency = "EUR" } });
        await AcceptedAsync("/api/commands/ordering/register-customer", new { customerId = customer, name = "canary", email = "canary@example.org" });
        await UntilAsync($"/api/inventory/stock/{sku}");
        await UntilAsync($"/api/ordering/customers/{customer}");
        var placed = await AcceptedAsync("/api/transactions/place-order?coordination=events", new
        {
            customerId = customer,
            lines = new[] { new { sku, quantity = 1, unitPrice = new { amount = 1, currency = "EUR" } } },
            card,
            address = new { name = "canary", street = "canary 1", city = "Town", postalCode = "10000", country = "DE" },
        });
        var order = (await UntilAsync($"/api/transactions/{placed}", found => found.GetProperty("state").GetString() == "Completed")).GetProperty("output").GetProperty("orderId").GetString()!;
        foreach (var path in new[] { $"/api/ordering/orders/{order}", $"/api/payments/payments/pay-{order}", $"/api/shipping/shipments/ship-{order}", $"/api/ordering/customers/{customer}/orders" })
            await UntilAsync(path);
        var transfer = await AcceptedAsync("/api/transactions/transfer-money", new { from = NewId("a"), to = NewId("b"), amount = new { amount = 77.77, currency = "EUR" } });
        await using (var sender = app.Host.Bus.CreateSender("inventory-commands"))
            await sender.SendMessageAsync(new ServiceBusMessage("{ \"canary\": ") { MessageId = letter });
        var parked = await UntilAsync("/api/dead-letters", list => list.GetProperty("items").EnumerateArray().Any(IsIt));
        return new Seeded(sku, customer, placed, order, transfer, parked.GetProperty("items").EnumerateArray().Single(IsIt).GetProperty("id").GetString()!);

        bool IsIt(JsonElement item) => item.GetProperty("messageId").GetString() == letter;
    }

    private async Task<string> AcceptedAsync(string path, object body)
    {
        var (status, answer) = await app.AskAsync(HttpMethod.Post, path, Operator, body);
        Assert.True(status == HttpStatusCode.Accepted, $"{path}: {(int)status} {answer}");
        var said = JsonSerializer.Deserialize<JsonElement>(answer);
        return (said.TryGetProperty("id", out var id) ? id : said.GetProperty("token")).GetString()!;
    }

    private async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool>? expected = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var (status, body) = await app.AskAsync(HttpMethod.Get, path, ReaderOfPayloads);
            if (status == HttpStatusCode.OK && JsonSerializer.Deserialize<JsonElement>(body) is var said && (expected is null || expected(said))) return said;
            if (patience.IsCancellationRequested) throw new TimeoutException($"{path}: {(int)status} {body}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    [GeneratedRegex(@"canary|77\.77")]
    private static partial Regex Canary();

    private sealed record Seeded(string Sku, string Customer, string Placed, string Order, string Transfer, string Letter)
    {
        public string Fill(string template) => template switch
        {
            "/api/streams/{context}/{id}" => $"/api/streams/shipping/ship-{Order}",
            "/api/dead-letters/{id}" => $"/api/dead-letters/{Uri.EscapeDataString(Letter)}",
            "/api/transactions/{id}" => $"/api/transactions/{Transfer}",
            "/api/transactions/{id}/timeline" => $"/api/transactions/{Placed}/timeline",
            "/api/definitions/{name}" => "/api/definitions/place-order",
            "/api/inventory/stock/{id}" => $"/api/inventory/stock/{Sku}",
            "/api/ordering/customers/{id}" => $"/api/ordering/customers/{Customer}",
            "/api/ordering/customers/{id}/orders" => $"/api/ordering/customers/{Customer}/orders",
            "/api/payments/payments/{id}" => $"/api/payments/payments/pay-{Order}",
            "/api/shipping/shipments/{id}" => $"/api/shipping/shipments/ship-{Order}",
            "/api/payments/revenue/{day}" => $"/api/payments/revenue/{TimeProvider.System.GetUtcNow():yyyy-MM-dd}",
            "/api/event-store/restore/{day}" => "/api/event-store/restore/2030-01-31",
            _ => template.Replace("{id}", Order, StringComparison.Ordinal),
        };
    }
}

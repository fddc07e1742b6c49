using System.Net;
using System.Text;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Control;
using Atomic.Functions.Definitions;
using Atomic.Functions.Participants;
using Atomic.Functions.Projections;
using Atomic.Messaging;
using Atomic.Services;
using Atomic.Services.Inventory;
using Atomic.Services.Ordering;
using Atomic.Services.Shipping;
using Atomic.Testing.Shop;
using Atomic.Transactions;
using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Integration.ReadSide;

[Collection(ReadSideHost.Name)]
public sealed class Dead_letters(ReadSideHost host)
{
    private const string Commands = "inventory-commands";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task A_malformed_command_is_parked_with_its_reason_and_discarded_for_another()
    {
        var message = new ServiceBusMessage("{ \"id\": 7 }") { MessageId = NewId() };
        await ReadSideHost.SendAsync(host.Host.Bus, Commands, message);
        var letter = await host.UntilParkedAsync(message.MessageId);

        Assert.Equal("MalformedMessage", letter.GetProperty("reason").GetString());
        var id = letter.GetProperty("id").GetString()!;
        Assert.Equal(7, (await host.GetAsync($"/api/dead-letters/{id}")).Body.GetProperty("body").GetProperty("id").GetInt32());
        Assert.Contains("say why", await host.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Delete, $"/api/dead-letters/{id}"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync(HttpMethod.Delete, $"/api/dead-letters/{id}", new { by = "kim", why = "A test message." })).Status);

        Assert.Contains(id, await host.ProblemAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"/api/dead-letters/{id}"), StringComparison.Ordinal);
        Assert.Contains(id, await host.ProblemAsync(HttpStatusCode.NotFound, HttpMethod.Post, $"/api/dead-letters/{id}/resubmit"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_of_an_unknown_version_is_parked_by_the_projection_that_it_is_for_and_no_other()
    {
        var message = EventOf("inventoryStockItem", ReadSideHost.NewId("sku"), "StockAdded.v99");
        await ReadSideHost.SendAsync(host.Host.Bus, "events", message);

        var letter = await host.UntilParkedAsync(message.MessageId!);

        Assert.Equal(("events:stock-levels", "UnknownType"), (letter.GetProperty("entity").GetString(), letter.GetProperty("reason").GetString()));
        Assert.Contains("StockAdded.v99", letter.GetProperty("description").GetString(), StringComparison.Ordinal);
        var group = (await host.GetAsync("/api/dead-letters?entity=events:stock-levels&reason=UnknownType")).Body.GetProperty("groups")[0];
        Assert.True(group.GetProperty("count").GetInt32() >= 1);
    }

    [Fact]
    public async Task A_malformed_event_is_parked_with_its_reason()
    {
        var message = EventOf("inventoryStockItem", ReadSideHost.NewId("sku"), "StockAdded.v1");
        message.Body = BinaryData.FromString("{ \"specversion\": ");
        await ReadSideHost.SendAsync(host.Host.Bus, "events", message);

        var letter = await host.UntilParkedAsync(message.MessageId!);

        Assert.Equal(("events:stock-levels", "MalformedMessage"), (letter.GetProperty("entity").GetString(), letter.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task A_command_that_is_resubmitted_keeps_its_id_and_cause_and_has_its_effect_once()
    {
        await using var apart = await ReadSideHost.StartAsync(host.Azurite, without: typeof(InventoryParticipant));
        var (sku, command) = (ReadSideHost.NewId("sku"), NewId());
        await ParkAsync(apart.Bus, command, sku);
        var list = JsonSerializer.Deserialize<JsonElement>(await apart.Client.GetStringAsync(new Uri("/api/dead-letters", UriKind.Relative)));
        var letter = list.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("messageId").GetString() == command);
        Assert.Equal(("TheReason", Commands), (letter.GetProperty("reason").GetString(), letter.GetProperty("entity").GetString()));

        using var resubmitted = await apart.Client.PostAsync(new Uri($"/api/dead-letters/{letter.GetProperty("id").GetString()}/resubmit", UriKind.Relative), null);

        Assert.Equal(HttpStatusCode.Accepted, resubmitted.StatusCode);
        await using var receiver = apart.Bus.CreateReceiver(Commands);
        var again = await receiver.ReceiveMessageAsync(Patience);
        Assert.Equal((command, command), (again!.Body.ToObjectFromJson<CommandMessage>(StorageJson.Options)!.Id, again.CorrelationId));

        // Delivered twice, as a broker may: the command's record lets it through once.
        for (var i = 0; i < 2; i++) await ReadSideHost.SendAsync(host.Host.Bus, Commands, new ServiceBusMessage(again.Body) { MessageId = NewId(), Subject = again.Subject });
        await host.Shop.UntilAsync($"/api/inventory/stock/{sku}", row => row.GetProperty("onHand").GetInt32() == 5);
        await host.Host.UntilEmptyAsync(Commands);
        Assert.Equal(1, (await host.GetAsync($"/api/streams/inventory/{sku}")).Body.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task One_that_another_receiver_holds_is_said_to_be_worked_on_and_is_resubmitted_once_it_is_free()
    {
        var message = new ServiceBusMessage("{ \"id\": 8 }") { MessageId = NewId() };
        await ReadSideHost.SendAsync(host.Host.Bus, Commands, message);
        var letter = await host.UntilParkedAsync(message.MessageId);
        var path = $"/api/dead-letters/{letter.GetProperty("id").GetString()}";
        await using var other = host.Host.Bus.CreateReceiver(Commands, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        var held = (await other.ReceiveMessagesAsync(100, Patience)).ToList();
        Assert.Contains(held, each => each.MessageId == message.MessageId);

        Assert.Contains("worked on", await host.ProblemAsync(HttpStatusCode.Conflict, HttpMethod.Post, $"{path}/resubmit"), StringComparison.Ordinal);
        Assert.Contains("worked on", await host.ProblemAsync(HttpStatusCode.Conflict, HttpMethod.Delete, path, new { by = "kim", why = "A test message." }), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync(path)).Status);

        foreach (var each in held) await other.AbandonMessageAsync(each);
        Assert.Equal(HttpStatusCode.Accepted, (await host.SendAsync(HttpMethod.Post, $"{path}/resubmit")).Status);
    }

    [Fact]
    public async Task An_event_that_is_resubmitted_makes_its_row_and_is_passed_over_by_those_it_is_not_for()
    {
        await using var apart = await ReadSideHost.StartAsync(host.Azurite, without: typeof(ProjectStockLevelsFunction));
        var (sku, other) = (ReadSideHost.NewId("sku"), ReadSideHost.NewId("sku"));
        foreach (var each in new[] { sku, other }) await new ShopClient(apart.Client).CommandAsync("inventory/add-stock", new { sku = each, quantity = 5 });
        await using var receiver = apart.Bus.CreateReceiver("events", "stock-levels");
        var events = new Dictionary<string, ServiceBusReceivedMessage>();
        while (events.Count < 2)
        {
            var parked = (await receiver.ReceiveMessageAsync(Patience))!;
            events[parked.Body.ToObjectFromJson<JsonElement>().GetProperty("subject").GetString()!] = parked;
            await receiver.DeadLetterMessageAsync(parked, "TheReason", "The description.");
        }

        var list = await new ShopClient(apart.Client).GetAsync("/api/dead-letters?entity=events:stock-levels");
        var id = list.GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("messageId").GetString() == events[sku].MessageId).GetProperty("id").GetString();
        using var resubmitted = await apart.Client.PostAsync(new Uri($"/api/dead-letters/{id}/resubmit", UriKind.Relative), null);

        Assert.Equal(HttpStatusCode.Accepted, resubmitted.StatusCode);
        var again = (await receiver.ReceiveMessageAsync(Patience))!;
        Assert.Equal("stock-levels", again.ApplicationProperties["resubmittedFor"]);
        // On the host that has the projection: one for another than it first, so that it has been passed over once the other has been heeded.
        var foreign = new ServiceBusMessage(events[other]) { MessageId = NewId(), ApplicationProperties = { ["resubmittedFor"] = "orders" } };
        await ReadSideHost.SendAsync(host.Host.Bus, "events", foreign);
        await host.Host.UntilEmptyAsync("events", "stock-levels");
        await ReadSideHost.SendAsync(host.Host.Bus, "events", new ServiceBusMessage(again));
        await host.Shop.UntilAsync($"/api/inventory/stock/{sku}", row => row.GetProperty("onHand").GetInt32() == 5);
        Assert.Equal(HttpStatusCode.NotFound, (await host.GetAsync($"/api/inventory/stock/{other}")).Status);
    }

    [Fact]
    public async Task A_dead_lettered_command_publishes_what_it_had_committed()
    {
        await using var apart = await ReadSideHost.StartAsync(host.Azurite, without: typeof(InventoryParticipant));
        var (sku, command) = (ReadSideHost.NewId("sku"), NewId());
        await host.AppendAsync(sku, command, new StockAdded(new Sku(sku), 5));
        await ParkAsync(apart.Bus, command, sku);

        await new ShopClient(apart.Client).UntilAsync($"/api/inventory/stock/{sku}", row => row.GetProperty("onHand").GetInt32() == 5);
    }

    [Fact]
    public async Task A_dead_lettered_order_of_a_choreographed_step_publishes_what_the_step_had_committed()
    {
        await using var apart = await ReadSideHost.StartAsync(host.Azurite, without: typeof(InventoryParticipant));
        var (sku, transaction) = (ReadSideHost.NewId("sku"), NewId());
        await host.AppendAsync(sku, NewId(), new StockAdded(new Sku(sku), 5));
        await host.AppendAsync(sku, $"{transaction}:reserve-stock", new StockReserved(new Sku(sku), new OrderId("o-1"), 2));
        var price = new Money(1, "EUR");
        var input = new PlaceOrder(new CustomerId("c-1"), [new OrderLine(new Sku(sku), 2, price)], new CardNumber("4111"), new Address("A", "B", "C", "D", "DE"), new OrderId("o-1"));
        var header = new TransactionHeader(transaction, "place-order", 1, "events", JsonSerializer.SerializeToElement(input, StorageJson.Options));
        var order = new StepOrder(header, "reserve-stock", StepOrderKind.Hear, Fact: new Fact(FactKind.Succeeded, "create-order"));

        await ParkAsync(apart.Bus, new ServiceBusMessage(BinaryData.FromObjectAsJson(order.ToMessage(), StorageJson.Options)) { MessageId = order.ToMessage().Id });

        await new ShopClient(apart.Client).UntilAsync($"/api/inventory/stock/{sku}", row => row.GetProperty("reserved").GetInt32() == 2);
    }

    [Fact]
    public async Task A_dead_lettered_start_of_a_transaction_that_was_recorded_is_published_and_its_first_step_runs()
    {
        const string queue = "transactions-commands";
        await using var apart = await ReadSideHost.StartAsync(host.Azurite, without: typeof(TransactionsParticipant));
        var (order, transaction) = (ReadSideHost.NewId("o"), NewId());
        var price = new Money(1, "EUR");
        var input = new PlaceOrder(
            new CustomerId("c-1"), [new OrderLine(new Sku(ReadSideHost.NewId("sku")), 2, price)], new CardNumber("4111"), new Address("A", "B", "C", "D", "DE"), new OrderId(order));
        var header = new TransactionHeader(transaction, "place-order", 1, "events", JsonSerializer.SerializeToElement(input, StorageJson.Options));
        var start = JsonSerializer.SerializeToElement(new StartTransaction(header, "fingerprint"), StorageJson.Options);
        var command = new CommandMessage($"{transaction}:start", nameof(StartTransaction), new EventContext(transaction, transaction), start);
        await host.AppendAsync<TransactionLog>(transaction, command.Id, new TransactionStarted(header, "fingerprint"));

        await ParkAsync(apart.Bus, new ServiceBusMessage(BinaryData.FromObjectAsJson(command, StorageJson.Options)) { MessageId = command.Id }, queue);

        await new ShopClient(apart.Client).UntilAsync($"/api/ordering/orders/{order}", row => row.GetProperty("orderId").GetString() == order);
    }

    private static string NewId() => Guid.NewGuid().ToString("N");

    private static Task ParkAsync(ServiceBusClient bus, string command, string sku) => ParkAsync(bus, ReadSideHost.AddStock(command, sku, 5));

    private static async Task ParkAsync(ServiceBusClient bus, ServiceBusMessage message, string queue = Commands)
    {
        await ReadSideHost.SendAsync(bus, queue, message);
        await using var receiver = bus.CreateReceiver(queue);
        var received = await receiver.ReceiveMessageAsync(Patience);
        await receiver.DeadLetterMessageAsync(received!, "TheReason", "The description.");
    }

    private static ServiceBusMessage EventOf(string category, string id, string type) => new(Encoding.UTF8.GetBytes($$"""
        {"specversion":"1.0","id":"{{category}}:{{id}}@1","source":"/{{category}}","type":"atomic.{{type}}","subject":"{{id}}","time":"2030-01-31T12:00:00Z",
        "dataschema":"/schemas/{{type}}","sequence":"0000000001","correlationid":"t","causationid":"m","transfer":"state","data":{"sku":"x"} }
        """))
    {
        MessageId = $"{category}:{id}@1",
        Subject = $"atomic.{type}",
        ApplicationProperties = { ["context"] = "inventory", ["stream"] = $"{category}:{id}" },
    };
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Messaging;
using Atomic.Services.Inventory;
using Atomic.TableStorage;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Atomic.Testing.Shop;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Atomic.Integration.ReadSide;

/// <summary>The whole app in this process, so that tests can reach its bus and its files.</summary>
public sealed class ReadSideHost : IAsyncLifetime
{
    public const string Name = "A host in this process";

    private InProcessHost? _host;

    public AzuriteFixture Azurite { get; } = new();

    public InProcessHost Host => _host!;

    public ShopClient Shop => new(Host.Client);

    public async Task InitializeAsync()
    {
        await Azurite.InitializeAsync();
        _host = await StartAsync(Azurite);
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        await Azurite.DisposeAsync();
    }

    /// <param name="without">A function class that is not to run.</param>
    public static async Task<InProcessHost> StartAsync(AzuriteFixture azurite, Type? without = null, params (string Name, string Value)[] settings) =>
        await AppHost.StartAsync(await azurite.ConnectionStringAsync(), without, settings: settings);

    /// <summary>Writes events, or that there was nothing to do, as a handler leaves it that ends between writing and publishing.</summary>
    public Task AppendAsync(string sku, string command, params IEvent[] events) => AppendAsync<StockItem>(sku, command, events);

    public async Task AppendAsync<TState>(string id, string command, params IEvent[] events) where TState : IAggregate<TState>
    {
        await using var services = new ServiceCollection()
            .AddSingleton(TimeProvider.System).AddTableStorage(await Azurite.ConnectionStringAsync()).BuildServiceProvider();
        var store = services.GetRequiredService<IEventStore>();
        var head = await store.LoadAsync<TState>(id, likelyNew: false, default);
        var commit = new NewCommit(command, RecordState.None, RecordState.Done, events, null, new EventContext(command, command));
        Assert.IsType<AppendOutcome.Appended>(await store.AppendAsync(head, commit, default));
    }

    public static async Task SendAsync(ServiceBusClient bus, string entity, params ServiceBusMessage[] messages)
    {
        await using var sender = bus.CreateSender(entity);
        await sender.SendMessagesAsync(messages);
    }

    /// <summary>The message once it is among the dead letters, as they are listed.</summary>
    public async Task<JsonElement> UntilParkedAsync(string messageId)
    {
        var list = await Shop.UntilAsync("/api/dead-letters", list => Letters(list).Any());
        return Letters(list).Single();

        IEnumerable<JsonElement> Letters(JsonElement list) =>
            list.GetProperty("items").EnumerateArray().Where(item => item.GetProperty("messageId").GetString() == messageId);
    }

    /// <summary>A command as the app sends it.</summary>
    public static ServiceBusMessage AddStock(string command, string sku, int quantity)
    {
        var data = JsonSerializer.SerializeToElement(new { sku, quantity });
        return new ServiceBusMessage(BinaryData.FromObjectAsJson(new CommandMessage(command, nameof(AddStock), new EventContext(command, command), data), StorageJson.Options))
        {
            MessageId = command,
            Subject = nameof(AddStock),
            CorrelationId = command,
        };
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path, string? token = null) => SendAsync(HttpMethod.Get, path, null, token);

    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body = null, string? token = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null) request.Headers.Add(ShopClient.Token, token);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var response = await Host.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }

    /// <summary>The problem that the request is answered with.</summary>
    public async Task<string> ProblemAsync(HttpStatusCode status, HttpMethod method, string path, object? body = null, string? token = null)
    {
        var (answered, problem) = await SendAsync(method, path, body, token);
        Assert.True(answered == status, $"{path}: {(int)answered} {problem}");
        return problem.GetProperty("detail").GetString()!;
    }

    /// <summary>An order, placed to its end.</summary>
    public async Task<(string OrderId, JsonElement Transaction)> PlaceAsync(string sku, string card, string? customerId = null, decimal price = 10)
    {
        var transaction = await Shop.PlaceToEndAsync(new
        {
            customerId = customerId ?? NewId("c"),
            lines = new[] { new { sku, quantity = 1, unitPrice = new { amount = price, currency = "EUR" } } },
            card,
            address = new { name = "Ada Lovelace", street = "Way 1", city = "Town", postalCode = "10000", country = "DE" },
        });
        return (transaction.GetProperty("output").GetProperty("orderId").GetString()!, transaction);
    }

    public static string NewId(string prefix) => $"{prefix}-{Guid.NewGuid():N}"[..20];

    public static string TokensOf(JsonElement transaction) => string.Join(", ", transaction.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()));
}

[CollectionDefinition(ReadSideHost.Name)]
public sealed class SharedReadSideHost : ICollectionFixture<ReadSideHost>;

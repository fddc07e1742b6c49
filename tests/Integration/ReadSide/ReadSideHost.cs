using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Atomic.Functions;
using Atomic.LocalHost.Runtime.Settings;
using Atomic.TableStorage;
using Atomic.Testing;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Atomic.Testing.Shop;
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
    public static async Task<InProcessHost> StartAsync(AzuriteFixture azurite, Type? without = null, params (string Name, string Value)[] settings)
    {
        var storage = await azurite.ConnectionStringAsync();
        var sample = JsonSerializer.Deserialize<JsonElement>(Repository.Read(AppSettings.Sample));
        var values = sample.GetProperty("Values").Deserialize<Dictionary<string, string>>()!;
        foreach (var (name, value) in settings) values[name] = value;
        return await InProcessHost.StartAsync(
            typeof(FunctionApp).Assembly.GetExportedTypes().Where(type => type != without), HostSettings.Parse(Repository.Read("host.json")),
            AppSettings.Parse(AppSettings.Sample, JsonSerializer.Serialize(new { IsEncrypted = false, Values = values })),
            Repository.PathOf("infra/service-bus.json"),
            services => services.AddTableStorage(storage).AddAtomic());
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

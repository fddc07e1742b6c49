using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Atomic.Functions;
using Atomic.Functions.Definitions;
using Atomic.LocalHost.Runtime.Settings;
using Atomic.Services;
using Atomic.Services.Payments;
using Atomic.TableStorage;
using Atomic.TableStorage.Export;
using Atomic.Testing;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Atomic.Testing.Shop;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Atomic.Integration.TableStorage;

/// <summary>A shop with something to lose, and the steps of the runbook.</summary>
internal sealed class Rehearsal(string connection)
{
    public const string Day = "2100-01-01";

    private static readonly string[] Lists = ["/api/ordering/orders", "/api/inventory/stock", "/api/payments/payments", "/api/shipping/shipments"];

    public TableServiceClient Tables { get; } = new(connection);

    public BlobContainerClient Exports { get; } = new(connection, ExportRegistration.Container);

    public BlobContainerClient Keys { get; } = new(connection, ExportRegistration.KeysContainer);

    public string Customer { get; } = $"c-{Guid.NewGuid():N}"[..16];

    public static async Task<Rehearsal> NewAsync(AzuriteFixture azurite)
    {
        var rehearsal = new Rehearsal(await azurite.ConnectionStringAsync());
        await rehearsal.Exports.CreateAsync();
        await rehearsal.Keys.CreateAsync();
        return rehearsal;
    }

    /// <summary>The app, as a process that has just started, with an engine and a broker that know of nothing.</summary>
    /// <param name="settings">Which of the app's settings are otherwise.</param>
    /// <param name="dataFolder">Where an engine and a broker left theirs that know of something.</param>
    /// <param name="definitions">More than the shipped ones.</param>
    public async Task<InProcessHost> StartAsync(
        IReadOnlyDictionary<string, string>? settings = null, string? dataFolder = null, IEnumerable<TransactionType>? definitions = null, TimeProvider? clock = null)
    {
        var address = new StorageAddress(connection, null);
        return await InProcessHost.StartAsync(
            typeof(FunctionApp).Assembly.GetExportedTypes(), HostSettings.Parse(Repository.Read("host.json")),
            AppSettings.Parse(AppSettings.Sample, SettingsWith(settings ?? new Dictionary<string, string>())), Repository.PathOf("infra/service-bus.json"),
            services =>
            {
                services.AddTableStorage(connection).AddEventStoreExport(address, address, null).AddAtomic();
                if (definitions is not null) services.AddSingleton<IEnumerable<TransactionType>>([.. ShippedDefinitions.All, .. definitions]);
            },
            clock: clock, dataFolder: dataFolder);
    }

    /// <summary>Business of all kinds, until every message is settled.</summary>
    public async Task TradeAsync(InProcessHost host)
    {
        var shop = new ShopClient(host.Client);
        var (sku, card) = ($"sku-{Guid.NewGuid():N}"[..16], "4111111111111111");
        await shop.CommandAsync("inventory/add-stock", new { sku, quantity = 20 });
        await shop.CommandAsync("payments/register-card", new { card, limit = new { amount = 100, currency = "EUR" } });
        await shop.UntilAsync($"/api/inventory/stock/{sku}", row => row.GetProperty("onHand").GetInt32() == 20);
        await shop.UntilAsync($"/api/streams/payments/{Card.StreamOf(new CardNumber(card))}", stream => stream.GetProperty("version").GetInt32() > 0);
        await shop.CommandAsync("ordering/register-customer", new { customerId = Customer, name = "Ada", email = "ada@example.org" });
        for (var i = 0; i < 4; i++) await shop.PlaceToEndAsync(ShopClient.Order(sku, card));
        await shop.PlaceToEndAsync(ShopClient.Order(sku, card, price: 99));
        await shop.PlaceToEndAsync(ShopClient.Order(sku, card, country: "XX"));
        await shop.UntilAsync($"/api/ordering/customers/{Customer}", row => row.GetProperty("name").GetString() == "Ada");
        await shop.UntilAsync("/api/projections", list => list.GetProperty("items").EnumerateArray().All(each => each.GetProperty("lag").GetProperty("events").GetInt64() == 0));
    }

    public Task ExportAsync(int days = 0) => ExportAsync(new FakeTimeProvider(new DateTimeOffset(2100, 1, 1 + days, 2, 0, 0, TimeSpan.Zero)));

    public async Task ExportAsync(TimeProvider clock)
    {
        if (await new EventStoreExport(Tables, Exports, Keys, clock).RunAsync(CancellationToken.None) is null) throw new InvalidOperationException("Nothing was exported.");
    }

    public async Task WipeAsync()
    {
        foreach (var table in await NamesAsync()) await Tables.DeleteTableAsync(table);
    }

    /// <summary>Every row of every table that is restored, as it is.</summary>
    public async Task<List<string>> StreamsAsync()
    {
        var rows = new List<string>();
        foreach (var table in (await NamesAsync()).Where(ExportedTables.AreRestored))
        {
            await foreach (var row in Tables.GetTableClient(table).QueryAsync<TableEntity>()) rows.Add($"{table} {RowLine.Of(row)}");
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    public static async Task<string> ReadModelsAsync(InProcessHost host)
    {
        var all = new List<string>();
        foreach (var list in Lists)
            all.AddRange((await JsonAsync(host, list)).GetProperty("items").EnumerateArray().Select(item => $"{list} {item.GetRawText()}").Order(StringComparer.Ordinal));
        return string.Join('\n', all);
    }

    public static async Task<JsonElement> RestoreAsync(InProcessHost host, string day = Day)
    {
        using var response = await AskAsync(host, day);
        if (response.StatusCode != HttpStatusCode.Accepted) throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
        return await new ShopClient(host.Client).UntilAsync($"{response.Headers.Location}", row => row.GetProperty("state").GetString() is "Completed" or "Failed");
    }

    public static Task<HttpResponseMessage> AskAsync(InProcessHost host, string day) =>
        host.Client.PostAsJsonAsync("/api/event-store/restore", new { day, by = "ops", why = "A rehearsal." });

    public static async Task RebuildAllAsync(InProcessHost host)
    {
        var names = (await JsonAsync(host, "/api/projections")).GetProperty("items").EnumerateArray().Select(each => each.GetProperty("name").GetString()!).ToList();
        foreach (var name in names) await PostAsync(host, $"/api/projections/{name}/rebuild");
        await new ShopClient(host.Client).UntilAsync("/api/projections", list => list.GetProperty("items").EnumerateArray()
            .All(each => each.GetProperty("versions").EnumerateArray().Any(version => version.GetProperty("stage").GetString() == "Ready")));
        foreach (var name in names) await PostAsync(host, $"/api/projections/{name}/switch");
    }

    public static async Task<JsonElement> JsonAsync(InProcessHost host, string path) =>
        JsonSerializer.Deserialize<JsonElement>(await host.Client.GetStringAsync(new Uri(path, UriKind.Relative)));

    public async Task EmptyAsync(string blob)
    {
        using var target = new MemoryStream();
        await using (var compressed = new GZipStream(target, CompressionMode.Compress, leaveOpen: true)) await compressed.WriteAsync(Array.Empty<byte>());
        await Exports.GetBlobClient(blob).UploadAsync(new BinaryData(target.ToArray()), overwrite: true);
    }

    public static async Task<List<string>> BlobsAsync(BlobContainerClient container, string table)
    {
        var names = new List<string>();
        await foreach (var blob in container.GetBlobsAsync()) names.Add(blob.Name);
        return [.. names.Where(name => name.Contains($"/{table}/", StringComparison.Ordinal))];
    }

    private static string SettingsWith(IReadOnlyDictionary<string, string> others)
    {
        var sample = JsonNode.Parse(Repository.Read(AppSettings.Sample))!;
        foreach (var (name, value) in others) sample["Values"]![name] = value;
        return sample.ToJsonString();
    }

    private async Task<List<string>> NamesAsync()
    {
        var names = new List<string>();
        await foreach (var table in Tables.QueryAsync()) names.Add(table.Name);
        return names;
    }

    private static async Task PostAsync(InProcessHost host, string path)
    {
        using var response = await host.Client.PostAsync(new Uri(path, UriKind.Relative), null);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {await response.Content.ReadAsStringAsync()}");
    }
}

using System.Diagnostics.Metrics;
using System.Text.Json;
using Atomic.Functions.Projections;
using Atomic.Services;
using Atomic.Services.Inventory;
using Atomic.Testing.Hosting;
using Atomic.Testing.Shop;
using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Integration.ReadSide;

/// <summary>A host whose stock levels take no events, so that what waits for them can be looked at.</summary>
[Collection(ReadSideHost.Name)]
public sealed class Projections_that_lag(ReadSideHost host) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private InProcessHost _apart = null!;

    public async Task InitializeAsync() => _apart = await ReadSideHost.StartAsync(host.Azurite, without: typeof(ProjectStockLevelsFunction));

    public async Task DisposeAsync() => await _apart.DisposeAsync();

    [Fact]
    public async Task Say_by_how_many_events_and_since_when()
    {
        const int events = 3;
        var shop = new ShopClient(_apart.Client);
        for (var i = 0; i < events; i++) await shop.CommandAsync("inventory/add-stock", new { sku = ReadSideHost.NewId("sku"), quantity = 1 });

        var list = await shop.UntilAsync("/api/projections", list => LagOf(list).GetProperty("events").GetInt32() == events);

        Assert.InRange(LagOf(list).GetProperty("seconds").GetDouble(), 0.001, Patience.TotalSeconds);
        var measured = Measured();
        Assert.Contains(("atomic.projection.waiting", "stock-levels", events), measured);
        Assert.Contains(measured, each => each is { Instrument: "atomic.projection.waiting.age", Projection: "stock-levels", Value: > 0 });

        static JsonElement LagOf(JsonElement list) =>
            list.GetProperty("items").EnumerateArray().Single(projection => projection.GetProperty("name").GetString() == "stock-levels").GetProperty("lag");
    }

    [Fact]
    public async Task Are_told_by_notification_of_an_event_that_is_too_large_for_the_broker_and_read_it()
    {
        var (sku, command) = (ReadSideHost.NewId("sku"), Guid.NewGuid().ToString("N"));
        await host.AppendAsync(sku, command, new StockAdded(new Sku(new string('s', 300 * 1024)), 5));
        // A repetition: it publishes what was committed.
        await ReadSideHost.SendAsync(_apart.Bus, "inventory-commands", ReadSideHost.AddStock(command, sku, 5));

        await using var receiver = _apart.Bus.CreateReceiver("events", "stock-levels");
        var published = await receiver.ReceiveMessageAsync(Patience);
        var body = published!.Body.ToObjectFromJson<JsonElement>();
        Assert.Equal(($"inventoryStockItem:{sku}@1", "notification"), (body.GetProperty("id").GetString(), body.GetProperty("transfer").GetString()));
        Assert.False(body.TryGetProperty("data", out _));

        await ReadSideHost.SendAsync(host.Host.Bus, "events", new ServiceBusMessage(published));
        await host.Shop.UntilAsync($"/api/inventory/stock/{sku}", row => row.GetProperty("onHand").GetInt32() == 5);
    }

    private static List<(string Instrument, string? Projection, double Value)> Measured()
    {
        var measured = new List<(string, string?, double)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == ProjectionMetrics.Meter) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measured.Add((instrument.Name, tags[0].Value as string, value)));
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }
}

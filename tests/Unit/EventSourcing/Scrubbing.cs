using Atomic.EventSourcing;
using Atomic.Services;
using Atomic.Services.Shipping;
using Atomic.Verification.Storage;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Atomic.Unit.EventSourcing;

public sealed class Scrubbing
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryReadModels _rows = new();
    private readonly InMemoryProjectionStates _states;

    public Scrubbing() => _states = new InMemoryProjectionStates(_rows);

    [Fact]
    public async Task Takes_a_persons_texts_out_of_every_version_and_leaves_the_others()
    {
        var directory = new ProjectionDirectory(_states, _time);
        var events = new InMemoryEventStore(_time);
        var projector = new Projector<Shipments, Shipment, ShipmentView>(events, _rows, _states, directory);
        await _states.WriteAsync((await _states.LoadAsync(Shipments.Name, default)).Rebuild(_time.GetUtcNow())!, default);
        foreach (var i in Enumerable.Range(0, 500)) await projector.ProjectAsync(Booked($"s-{i}", i % 2 == 0 ? "c-1" : "c-2"), default);

        Assert.Equal(500, await new Scrubber<Shipments, Shipment, ShipmentView>(_rows, directory).ScrubAsync("c-1", default));

        foreach (var table in new[] { "readShipmentsV1", "readShipmentsV2" })
        {
            var rows = _rows.Stored(table);
            Assert.DoesNotContain(rows.Values, row => row.Contains("sealed:c-1", StringComparison.Ordinal));
            Assert.Equal(250, rows.Values.Count(row => row.Contains("sealed:c-2", StringComparison.Ordinal)));
            Assert.Contains("\"city\":\"[erased]\",\"postalCode\":\"[erased]\",\"country\":\"DE\"", rows["s-0"], StringComparison.Ordinal);
        }

        Assert.Equal(0, await new Scrubber<Shipments, Shipment, ShipmentView>(_rows, directory).ScrubAsync("c-1", default));
    }

    private RecordedEvent Booked(string id, string customer)
    {
        PersonalText Sealed(int i) => PersonalText.Seal(customer, [1, 2, 3, (byte)i]);
        var booked = new ShipmentBooked(new ShipmentId(id), new OrderId("o-1"), new Address(Sealed(1), Sealed(2), Sealed(3), Sealed(4), "DE"));
        return new RecordedEvent(new StreamId(Shipment.Category, id), 1, "ShipmentBooked.v1", booked, new EventContext("t", "m"), _time.GetUtcNow());
    }
}

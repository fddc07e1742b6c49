using System.Text.Json;
using System.Text.Json.Nodes;
using Atomic.EventSourcing;
using Xunit;

namespace Atomic.Unit.EventSourcing;

public sealed class Event_types
{
    // v1 { pounds }, v2 { grams }, v3 { weight: { grams } }.
    private static readonly EventTypes Types = EventTypes.Of(typeof(ParcelWeighed), typeof(ParcelLost))
        .Upcast<ParcelWeighed>(from: 1, data => new JsonObject { ["grams"] = data["pounds"]!.GetValue<int>() * 454 })
        .Upcast<ParcelWeighed>(from: 2, data => new JsonObject { ["weight"] = new JsonObject { ["grams"] = data["grams"]!.DeepClone() } });

    [Theory]
    [InlineData("ParcelWeighed.v1", """{ "pounds": 2 }""")]
    [InlineData("ParcelWeighed.v2", """{ "grams": 908 }""")]
    [InlineData("ParcelWeighed.v3", """{ "weight": { "grams": 908 } }""")]
    public void Read_every_version_as_the_newest(string name, string data) =>
        Assert.Equal(new ParcelWeighed(new Weight(908)), Types.Read(name, JsonDocument.Parse(data).RootElement));

    [Fact]
    public void Write_the_newest_version() => Assert.Equal("ParcelWeighed.v3", Types.NameOf(new ParcelWeighed(new Weight(1))));

    [Fact]
    public void Leave_the_other_types_as_they_are() => Assert.Equal("ParcelLost.v1", Types.NameOf(new ParcelLost()));

    [Fact]
    public void Read_no_version_of_the_future()
    {
        var e = Assert.Throws<UnknownEventException>(() => Types.Read("ParcelWeighed.v4", JsonDocument.Parse("{}").RootElement));
        Assert.Contains("ParcelWeighed.v4", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuse_an_upcaster_that_leaves_a_gap() =>
        Assert.Contains("at version 3", Assert.Throws<ArgumentException>(() => Types.Upcast<ParcelWeighed>(from: 4, data => data)).Message, StringComparison.Ordinal);

    [Fact]
    public void Refuse_an_upcaster_of_a_stranger() =>
        Assert.Throws<ArgumentException>(() => EventTypes.Of(typeof(ParcelLost)).Upcast<ParcelWeighed>(from: 1, data => data));

    [Fact]
    public void Are_state_transfers_unless_declared_notifications() =>
        Assert.Equal(["ParcelLost.v1 Notification", "ParcelWeighed.v3 State"],
            Types.Current.Select(schema => $"{schema.Name} {schema.Transfer}").Order());

    private sealed record Weight(int Grams);

    private sealed record ParcelWeighed(Weight Weight) : IEvent;

    private sealed record ParcelLost : INotification;
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Atomic.EventSourcing;
using Atomic.Messaging;
using Atomic.Services;
using Atomic.Services.Inventory;
using Xunit;

namespace Atomic.Unit.Messaging;

public sealed class Cloud_events
{
    private static readonly RecordedEvent Added = new(
        new StreamId(StockItem.Category, "tea"), 3, "StockAdded.v1", new StockAdded(new Sku("tea"), 5),
        new EventContext("t-1", "m-1", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), new DateTimeOffset(2030, 1, 31, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Say_all_that_the_specification_asks_and_where_they_come_from() => Assert.Equal(
        """
        {"specversion":"1.0","id":"inventoryStockItem:tea@3","source":"/inventoryStockItem","type":"atomic.StockAdded.v1","subject":"tea",
        "time":"2030-01-31T12:00:00+00:00","datacontenttype":"application/json","dataschema":"/schemas/StockAdded.v1","sequence":"0000000003",
        "traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01","correlationid":"t-1","causationid":"m-1","transfer":"state",
        "data":{"sku":"tea","quantity":5}}
        """.ReplaceLineEndings(""), Encoding.UTF8.GetString(Written(Added).Span));

    [Fact]
    public void Have_names_of_attributes_as_the_specification_allows() =>
        Assert.All(JsonNode.Parse(Written(Added).Span)!.AsObject(), attribute => Assert.Matches("^[a-z0-9]{1,20}$", attribute.Key));

    [Fact]
    public void Come_in_as_they_went_out() => Assert.Equal(Added with { Context = Added.Context with { Actor = null } }, Read(Written(Added)).ToRecorded<StockItem>());

    [Fact]
    public void Tell_of_a_notification_its_place_alone()
    {
        var heard = Read(JsonSerializer.SerializeToUtf8Bytes(CloudEvent.From(Added).AsNotification(), StorageJson.Options)).ToHeard<StockItem>();

        Assert.Equal(new Heard(Added.Position, Added.At, null), heard);
    }

    [Theory]
    [InlineData("specversion", "\"2.0\"", "specversion is '2.0'")]
    [InlineData("id", null, "lacks id")]
    [InlineData("id", "\"tea\"", "no position")]
    [InlineData("id", "\"inventoryStockItem:tea@4\"", "sequence")]
    [InlineData("source", "\"/paymentsCard\"", "source '/paymentsCard'")]
    [InlineData("subject", "\"coffee\"", "subject 'coffee'")]
    [InlineData("type", "\"StockAdded.v1\"", "does not begin with")]
    [InlineData("time", "\"yesterday\"", "time")]
    [InlineData("correlationid", null, "lacks correlationid")]
    [InlineData("transfer", "\"notification\"", "notification with data")]
    [InlineData("transfer", "\"smoke\"", "'smoke'")]
    [InlineData("data", null, "without data")]
    public void Are_refused_with_what_is_wrong(string attribute, string? value, string why)
    {
        var wire = JsonNode.Parse(Written(Added).Span)!.AsObject();
        if (value is null) wire.Remove(attribute);
        else wire[attribute] = JsonNode.Parse(value);

        var refused = Assert.Throws<MalformedMessageException>(() => Read(Encoding.UTF8.GetBytes(wire.ToJsonString())));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{ \"id\": ")]
    public void Are_refused_when_they_are_none(string body) => Assert.Throws<MalformedMessageException>(() => Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Of_another_aggregate_are_refused() => Assert.Throws<MalformedMessageException>(() => Read(Written(Added)).ToHeard<Atomic.Services.Payments.Card>());

    [Fact]
    public void Of_an_unknown_version_are_refused_by_name() => Assert.Contains("StockAdded.v9",
        Assert.Throws<UnknownEventException>(() => Read(Written(Added with { Type = "StockAdded.v9" })).ToHeard<StockItem>()).Message, StringComparison.Ordinal);

    [Fact]
    public void Whose_data_do_not_fit_are_refused()
    {
        var wire = JsonNode.Parse(Written(Added).Span)!.AsObject();
        wire["data"]!["quantity"] = "many";

        Assert.Throws<MalformedMessageException>(() => Read(Encoding.UTF8.GetBytes(wire.ToJsonString())).ToHeard<StockItem>());
    }

    private static ReadOnlyMemory<byte> Written(RecordedEvent e) => JsonSerializer.SerializeToUtf8Bytes(CloudEvent.From(e), StorageJson.Options);

    private static CloudEvent Read(ReadOnlyMemory<byte> body) => CloudEvent.Parse("m-1", body);
}

using Atomic.LocalHost.ServiceBus;
using Atomic.LocalHost.ServiceBus.Filters;
using Atomic.Testing;
using Atomic.Testing.ServiceBus;
using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Unit.ServiceBus;

public sealed class Topologies
{
    private const string Delivery =
        """ "lockDuration": "PT1M", "maxDeliveryCount": 10, "timeToLive": "P7D", "deadLetteringOnMessageExpiration": true, "requiresSession": false """;

    [Fact]
    public void The_one_of_the_product_is_read_with_every_entity()
    {
        var topology = Topology.Read(Repository.PathOf("infra/service-bus.json"));

        var queue = topology.FindQueue("Inventory-Commands")!;
        Assert.Equal((TimeSpan.FromMinutes(1), 10, TimeSpan.FromDays(7)), (queue.LockDuration, queue.MaxDeliveryCount, queue.TimeToLive));
        Assert.Equal((true, false, TimeSpan.FromMinutes(10)), (queue.DeadLetteringOnMessageExpiration, queue.RequiresSession, queue.DuplicateDetection));
        var subscription = topology.FindSubscription("events", "stock-levels")!;
        Assert.True(subscription.Filter.Matches(new ServiceBusMessage { ApplicationProperties = { ["context"] = "inventory" } }));
        Assert.False(subscription.Filter.Matches(new ServiceBusMessage { ApplicationProperties = { ["context"] = "ordering" } }));
        Assert.Null(topology.FindSubscription("events", "nobody"));
    }

    [Fact]
    public void Correlation_filters_match_all_that_they_name()
    {
        var filter = Topology.Read(ServiceBusConformance.TopologyFile).FindSubscription("news", "orders")!.Filter;

        Assert.IsType<CorrelationFilter>(filter);
        Assert.True(filter.Matches(new ServiceBusMessage { Subject = "order", ApplicationProperties = { ["REGION"] = "eu" } }));
        Assert.False(filter.Matches(new ServiceBusMessage { Subject = "order" }));
        Assert.False(filter.Matches(new ServiceBusMessage { Subject = "Order", ApplicationProperties = { ["region"] = "eu" } }));
        Assert.False(filter.Matches(new ServiceBusMessage { ApplicationProperties = { ["region"] = "eu" } }));
    }

    [Theory]
    [InlineData("""{ "name": "a", "lockDuration": "1 minute" }""", "queue 'a'", "lockDuration", "no ISO 8601 duration")]
    [InlineData("""{ "name": "a", "lockDuration": "PT1S" }""", "queue 'a'", "lockDuration", "PT5S to PT5M")]
    [InlineData("""{ "name": "a", "lockDuration": "PT6M" }""", "queue 'a'", "lockDuration", "PT5S to PT5M")]
    [InlineData("""{ "name": "a", "lockDuration": 60 }""", "queue 'a'", "lockDuration", "no string")]
    [InlineData("""{ "name": "a", "maxDeliveryCount": 0 }""", "queue 'a'", "maxDeliveryCount", "1 to 2000")]
    [InlineData("""{ "name": "a", "maxDeliveryCount": 2.5 }""", "queue 'a'", "maxDeliveryCount", "whole number")]
    [InlineData("""{ "name": "a", "maxDeliveryCount": "10" }""", "queue 'a'", "maxDeliveryCount", "no number")]
    [InlineData("""{ "name": "a", "timeToLive": "-P1D" }""", "queue 'a'", "timeToLive", "at least PT1S")]
    [InlineData("""{ "name": "a", "deadLetteringOnMessageExpiration": "yes" }""", "queue 'a'", "deadLetteringOnMessageExpiration", "neither true nor false")]
    [InlineData("""{ "name": "a", "requiresSession": null }""", "queue 'a'", "requiresSession", "neither true nor false")]
    [InlineData("""{ "name": "a", "duplicateDetection": "P8D" }""", "queue 'a'", "duplicateDetection", "PT20S to P7D")]
    [InlineData("""{ "name": "a", "forwardTo": "b" }""", "queue 'a'", "forwardTo", "is unknown")]
    [InlineData("""{ "name": "a/b" }""", "queue 'a/b'", "name", "letters, digits")]
    [InlineData("""{ "name": "" }""", "queue ''", "name", "letters, digits")]
    [InlineData("""{ "lockDuration": "PT1M" }""", "queue number 1", "name", "is missing")]
    [InlineData(""" "a" """, "queue number 1", "", "no object")]
    public void A_wrong_queue_is_named_with_its_property(string changes, string entity, string property, string problem) =>
        AssertRefused($$"""{ "queues": [ {{Completed(changes)}} ], "topics": [] }""", entity, property, problem);

    [Theory]
    [InlineData("""{ "sql": "context = " }""", "filter.sql", "at character 11")]
    [InlineData("""{ "sql": 1 }""", "filter.sql", "no string")]
    [InlineData("""{ }""", "filter", "either 'sql' or 'correlation'")]
    [InlineData("""{ "sql": "1 = 1", "correlation": { "label": "a" } }""", "filter", "either 'sql' or 'correlation'")]
    [InlineData("""{ "action": "SET a = 1" }""", "filter.action", "is unknown")]
    [InlineData("""{ "correlation": { } }""", "filter.correlation", "names no property")]
    [InlineData("""{ "correlation": { "subject": "a" } }""", "filter.correlation.subject", "is unknown")]
    [InlineData("""{ "correlation": { "properties": { "amount": 1 } } }""", "filter.correlation.properties.amount", "no string")]
    public void A_wrong_filter_is_named_with_its_property(string filter, string property, string problem)
    {
        var subscription = Completed($$"""{ "name": "s", "filter": {{filter}} }""");

        AssertRefused(
            $$"""{ "queues": [], "topics": [ { "name": "t", "timeToLive": "P7D", "subscriptions": [ {{subscription}} ] } ] }""",
            "subscription 's' of topic 't'", property, problem);
    }

    [Theory]
    [InlineData("""{ "queues": [] }""", "", "topics", "is missing")]
    [InlineData("""{ "queues": {}, "topics": [] }""", "", "queues", "no list")]
    [InlineData("""{ "queues": [], "topics": [], "rules": [] }""", "", "rules", "is unknown")]
    [InlineData("""{ "queues": [], "topics": [ { "name": "t", "timeToLive": "P7D" } ] }""", "topic 't'", "subscriptions", "is missing")]
    [InlineData("""{ "queues": [], "topics": [ { "name": "t", "timeToLive": "P7D", "subscriptions": [], "lockDuration": "PT1M" } ] }""", "topic 't'", "lockDuration", "is unknown")]
    [InlineData("""{ "queues": [], "queues": [], "topics": [] }""", "", "", "queues")]
    [InlineData("""{ "queues": [], "topics": [ }""", "", "", "LineNumber: 0")]
    [InlineData("""[]""", "", "", "no object")]
    public void A_wrong_file_is_refused_as_a_whole(string json, string entity, string property, string problem) =>
        AssertRefused(json, entity, property, problem);

    [Fact]
    public void A_name_is_given_once()
    {
        var (one, other) = (Completed("""{ "name": "a" }"""), Completed("""{ "name": "A" }"""));

        AssertRefused($$"""{ "queues": [ {{one}}, {{other}} ], "topics": [] }""", "queue 'A'", "name", "taken");
        AssertRefused($$"""{ "queues": [ {{one}} ], "topics": [ { "name": "A", "timeToLive": "P7D", "subscriptions": [] } ] }""", "", "topics", "'a' is a queue");
    }

    [Fact]
    public void A_file_that_is_missing_is_named() =>
        Assert.Contains("nowhere.json", Assert.Throws<TopologyException>(() => Topology.Read("nowhere.json")).Message, StringComparison.Ordinal);

    private static void AssertRefused(string json, string entity, string property, string problem)
    {
        var file = new TemporaryFile();
        File.WriteAllText(file.Path, json);

        var error = Assert.Throws<TopologyException>(() => Topology.Read(file.Path));

        Assert.Equal((file.Path, entity, property), (error.File, error.Entity, error.Property));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        file.Delete();
    }

    // The given properties, and the rest of a queue or subscription as it should be.
    private static string Completed(string properties)
    {
        if (!properties.Contains("\"name\"", StringComparison.Ordinal)) return properties;
        var rest = Delivery.Split(',', StringSplitOptions.TrimEntries).Where(property => !properties.Contains(property.Split(':')[0], StringComparison.Ordinal));
        return $"{properties.TrimEnd().TrimEnd('}')}, {string.Join(", ", rest)} }}";
    }
}

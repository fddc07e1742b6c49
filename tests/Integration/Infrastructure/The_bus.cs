using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using Atomic.Testing;
using Xunit;

namespace Atomic.Integration.Infrastructure;

/// <summary>infra/service-bus.json is the one list: triggers and senders name nothing else, and nothing in it is left over.</summary>
public sealed partial class The_bus
{
    private const string DeadLetters = "/$DeadLetterQueue";

    private static readonly IReadOnlyList<Trigger> Receivers = Triggers.Of("ServiceBusTriggerAttribute");

    public static TheoryData<string> Queues => new(Topology.Current.Queues.Select(queue => queue.Name));

    public static TheoryData<string> Subscriptions => new(Readers.Keys);

    private static Dictionary<string, Subscription> Readers => Topology.Current.Topics
        .SelectMany(topic => topic.Subscriptions.Select(each => (Path: $"{topic.Name}/{each.Name}", each))).ToDictionary(each => each.Path, each => each.each);

    // Unless it is said there, the worker tells the Functions host to complete whatever a function has returned from, host.json or not.
    [Fact]
    public void Leaves_settling_to_the_functions() =>
        Assert.Empty(Receivers.Where(trigger => !Equals(trigger.Named("AutoCompleteMessages"), false)).Select(trigger => trigger.Function));

    [Fact]
    public void Has_every_entity_that_a_function_is_triggered_by() =>
        Assert.Empty(Receivers.Where(trigger => !Topology.Current.Entities.Contains(PathOf(trigger))).Select(trigger => $"{trigger.Function}: {PathOf(trigger)}"));

    [Fact]
    public void Has_no_entity_that_nobody_reads() =>
        Assert.Equal(
            Topology.Current.Queues.Select(queue => queue.Name).Concat(Readers.Keys).Order(StringComparer.Ordinal),
            Receivers.Where(trigger => !ReadsDeadLetters(trigger)).Select(PathOf).Order(StringComparer.Ordinal));

    [Fact]
    public void Is_reached_by_the_connection_that_is_deployed() =>
        Assert.All(Receivers, trigger => Assert.Contains($"{trigger.Named("Connection")}__fullyQualifiedNamespace", Snapshot.Read(Snapshot.Names[0]).Settings.Keys));

    [Fact]
    public void Has_sessions_where_a_function_wants_them() =>
        Assert.All(Receivers, trigger => Assert.Equal(RequiresSession(PathOf(trigger)), trigger.Named("IsSessionsEnabled") is true));

    // A sender names an entity by a constant, or a queue by its context: "{context}-commands".
    [Fact]
    public void Has_every_entity_that_is_sent_to()
    {
        var names = Repository.Read("src/Functions/Bus/BusNames.cs");
        var contexts = Repository.Folders("src/Services").Select(folder => folder.Split('/')[^1].ToLowerInvariant());
        var sent = Quoted().Matches(names).Select(match => match.Groups[1].Value).Where(name => name != "ServiceBusConnection").ToList();

        Assert.NotEmpty(sent);
        Assert.Empty(sent.Except(Topology.Current.Topics.Select(topic => topic.Name)).Except(Topology.Current.Queues.Select(queue => queue.Name)));
        Assert.Contains("$\"{context}-commands\"", names, StringComparison.Ordinal);
        Assert.All(Topology.Current.Queues.Where(queue => !sent.Contains(queue.Name)), queue =>
            Assert.Contains(queue.Name.Replace("-commands", "", StringComparison.Ordinal), contexts.Append("transactions")));
    }

    [Fact]
    public void Has_names_that_are_told_apart() => Assert.Equal(Topology.Current.Entities.Count(), Topology.Current.Entities.Distinct(StringComparer.OrdinalIgnoreCase).Count());

    [Theory]
    [MemberData(nameof(Queues))]
    public void Keeps_a_queue_within_what_Service_Bus_takes(string name)
    {
        var queue = Topology.Current.Queues.Single(each => each.Name == name);

        InRange(queue.LockDuration, queue.TimeToLive, queue.MaxDeliveryCount, queue.DeadLetteringOnMessageExpiration);
        Assert.InRange(XmlConvert.ToTimeSpan(queue.DuplicateDetection), TimeSpan.FromSeconds(20), TimeSpan.FromDays(7));
    }

    [Theory]
    [MemberData(nameof(Subscriptions))]
    public void Keeps_a_subscription_within_what_Service_Bus_takes(string name)
    {
        var subscription = Readers[name];

        InRange(subscription.LockDuration, subscription.TimeToLive, subscription.MaxDeliveryCount, subscription.DeadLetteringOnMessageExpiration);
        Assert.InRange(subscription.Name.Length, 1, 50);
        Assert.Matches("^(context = '[a-z]+'|to_[a-z]+ = 'yes')", subscription.Filter.Sql);
    }

    [Theory]
    [InlineData("\"requiresSession\": false", "\"requireSession\": false")]
    [InlineData("\"maxDeliveryCount\": 10, ", "")]
    [InlineData("{ \"sql\"", "{ \"expression\"")]
    public void Refuses_a_list_of_another_shape(string text, string by) =>
        Assert.Throws<JsonException>(() => Topology.Parse(Repository.Read("infra/service-bus.json").Replace(text, by, StringComparison.Ordinal)));

    [Theory]
    [InlineData("PT6M", "P7D", 10, true)]
    [InlineData("PT1M", "P10675199DT2H48M5.4775807S", 10, true)]
    [InlineData("PT1M", "P7D", 11, true)]
    [InlineData("PT1M", "P7D", 4, true)]
    [InlineData("PT1M", "P7D", 10, false)]
    public void Refuses_what_is_out_of_range(string lockDuration, string timeToLive, int deliveries, bool deadLetters) =>
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => InRange(lockDuration, timeToLive, deliveries, deadLetters));

    private static void InRange(string lockDuration, string timeToLive, int deliveries, bool deadLetters)
    {
        Assert.InRange(XmlConvert.ToTimeSpan(lockDuration), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5));
        Assert.InRange(XmlConvert.ToTimeSpan(timeToLive), TimeSpan.FromMinutes(1), TimeSpan.FromDays(365));
        Assert.InRange(deliveries, 5, 10);
        Assert.True(deadLetters);
    }

    // Of its dead letters as well: they are part of their entity.
    private static string PathOf(Trigger trigger) => string.Join('/', trigger.Arguments).Replace(DeadLetters, "", StringComparison.Ordinal);

    private static bool ReadsDeadLetters(Trigger trigger) => trigger.Arguments[^1]!.EndsWith(DeadLetters, StringComparison.Ordinal);

    private static bool RequiresSession(string path) =>
        Topology.Current.Queues.SingleOrDefault(queue => queue.Name == path)?.RequiresSession ?? Readers[path].RequiresSession;

    [GeneratedRegex("=\\s*\"([\\w-]+)\";")]
    private static partial Regex Quoted();
}

using System.Text.Json.Nodes;
using System.Xml;

namespace Atomic.Integration.Infrastructure.Rules;

/// <summary>The bus, and what Bicep does not check of its entities: durations are text to it.</summary>
internal static class ServiceBusRules
{
    private const string Namespace = "Microsoft.ServiceBus/namespaces";
    private const string Queue = "Microsoft.ServiceBus/namespaces/queues";
    private const string Topic = "Microsoft.ServiceBus/namespaces/topics";
    private const string Subscription = "Microsoft.ServiceBus/namespaces/topics/subscriptions";
    private const string Filter = "Microsoft.ServiceBus/namespaces/topics/subscriptions/rules";

    // The broker's own default is for ever; whoever asks for more than a year means that.
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(365);

    public static readonly IReadOnlyList<Rule> All =
    [
        Rule.Each("The bus takes no keys", Namespace, "properties.disableLocalAuth", true, false),
        Rule.Each("The bus takes no TLS below 1.2", Namespace, "properties.minimumTlsVersion", "1.2", "1.0"),
        Rule.Each("The bus has topics, so it is not Basic", Namespace, bus => bus.Text("sku.name") is "Standard" or "Premium", bus => bus.Set("sku.name", "Basic")),
        Between("A command's life is finite", Queue, "defaultMessageTimeToLive", TimeSpan.FromMinutes(1), LongestLife, "P10675199DT2H48M5.4775807S"),
        Between("An event's life is finite", Topic, "defaultMessageTimeToLive", TimeSpan.FromMinutes(1), LongestLife, "P10675199DT2H48M5.4775807S"),
        Between("A reader's event's life is finite", Subscription, "defaultMessageTimeToLive", TimeSpan.FromMinutes(1), LongestLife, "P10675199DT2H48M5.4775807S"),
        Between("A command is held five minutes at most", Queue, "lockDuration", TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), "PT6M"),
        Between("An event is held five minutes at most", Subscription, "lockDuration", TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), "PT6M"),
        Between("A command sent twice is carried out once", Queue, "duplicateDetectionHistoryTimeWindow", TimeSpan.FromSeconds(20), TimeSpan.FromDays(7), "P8D"),
        Rule.Each("Every queue of commands detects duplicates", Queue, "properties.requiresDuplicateDetection", true, false),
        Deliveries("A command is delivered five to ten times", Queue, 4),
        Deliveries("An event is delivered five to ten times", Subscription, 11),
        Rule.Each("A command that expires is parked", Queue, "properties.deadLetteringOnMessageExpiration", true, false),
        Rule.Each("An event that expires is parked", Subscription, "properties.deadLetteringOnMessageExpiration", true, false),
        Rule.Each("An event that a filter cannot judge is parked", Subscription, "properties.deadLetteringOnFilterEvaluationExceptions", true, false),
        new("Every subscription has exactly one rule",
            snapshot => snapshot.Of(Subscription).Where(each => RulesOf(snapshot, each).Count() != 1).Select(each => $"{each} has {RulesOf(snapshot, each).Count()} rules"),
            snapshot => snapshot.AddCopyOf(snapshot.Of(Filter).Last()).Set("name", $"{snapshot.Of(Subscription).Last().Name}/second")),
        Rule.Each("A subscription's rule replaces the broker's, which takes all", Filter, rule => rule.Name.EndsWith("/$Default", StringComparison.Ordinal),
            rule => rule.Set("name", rule.Name.Replace("$Default", "only", StringComparison.Ordinal))),
        Rule.Each("A subscription's rule says what it takes", Filter,
            rule => rule.Text("properties.filterType") == "SqlFilter" && rule.Text("properties.sqlFilter.sqlExpression") is not "" and not "1=1",
            rule => rule.Set("properties.sqlFilter.sqlExpression", "1=1")),
        new("The entities are those of service-bus.json",
            snapshot => Entities(snapshot).Except(Topology.Current.Entities).Select(each => $"{each} is not in the list")
                .Concat(Topology.Current.Entities.Except(Entities(snapshot)).Select(each => $"{each} is missing")),
            snapshot => snapshot.Remove(snapshot.Of(Queue).First())),
    ];

    private static IEnumerable<Resource> RulesOf(Snapshot snapshot, Resource subscription) =>
        snapshot.Of(Filter).Where(rule => rule.Name.StartsWith($"{subscription.Name}/", StringComparison.Ordinal));

    private static IEnumerable<string> Entities(Snapshot snapshot) =>
        new[] { Queue, Topic, Subscription }.SelectMany(snapshot.Of).Select(entity => entity.Name[(entity.Name.IndexOf('/', StringComparison.Ordinal) + 1)..]);

    private static Rule Deliveries(string says, string type, int broken) => Rule.Each(
        says, type,
        entity => entity.At("properties.maxDeliveryCount")?.GetValue<int>() is >= 5 and <= 10,
        entity => entity.Set("properties.maxDeliveryCount", broken));

    private static Rule Between(string says, string type, string property, TimeSpan least, TimeSpan most, JsonNode broken) => Rule.Each(
        says, type,
        entity => entity.Text($"properties.{property}") is { Length: > 0 } text && XmlConvert.ToTimeSpan(text) is var value && value >= least && value <= most,
        entity => entity.Set($"properties.{property}", broken.DeepClone()));
}

using System.Text.Json.Nodes;
using Atomic.Functions.Watch;
using Atomic.Testing;

namespace Atomic.Integration.Infrastructure.Rules;

/// <summary>Who is told of what, and where it says what to do.</summary>
internal static class AlertRules
{
    private const string Metric = "Microsoft.Insights/metricAlerts";
    private const string Query = "Microsoft.Insights/scheduledQueryRules";
    private const string Group = "Microsoft.Insights/actionGroups";

    public static readonly IReadOnlyList<Rule> All =
    [
        .. OfMetric("Dead letters raise an alert", "dead-letters", "DeadletteredMessages", Bus, "Maximum", 0),
        .. OfMetric("Throttling by the bus raises an alert", "service-bus-throttling", "ThrottledRequests", Bus, "Total", 10),
        .. OfMetric("Throttling by the event store raises an alert", "event-store-throttling", "Transactions", snapshot => snapshot.EventStore, "Total", 10),
        .. OfMetric("Messages that pile up raise an alert", "projection-backlog", "ActiveMessages", Bus, "Minimum", 1000),
        .. OfQuery("Failed executions raise an alert", "failed-executions", "AppRequests"),
        .. OfQuery("Stuck transactions raise an alert", "stuck-transactions", "TransactionRaised", "P2D"),
        .. OfQuery("Parked compensations raise an alert", "parked-compensations", "StepParked", "P2D"),
        .. OfQuery("Projections that lag or stand still raise an alert", "projection-lag", "atomic.projection.waiting.age"),
        .. OfQuery("A missing export raises an alert", "event-store-export-failed", "EventStoreExported", "P2D"),
        .. OfQuery("Telemetry that stops raises an alert", "telemetry-capped", "OverQuota"),
        Of("A watchdog that is silent for longer than a transaction may be raises an alert", "stuck-transactions",
            alert => Text(Criterion(alert), "query").Contains($"Last < ago({TransactionWatch.Silence.TotalMinutes}m)", StringComparison.Ordinal),
            alert => Criterion(alert)["query"] = Text(Criterion(alert), "query").Replace("Last < ago(15m)", "Last < ago(1d)", StringComparison.Ordinal)),
        Of("Of two parked steps the one that goes on does not hide the other", "parked-compensations",
            alert => Text(Criterion(alert), "query").Contains("arg_max(TimeGenerated, EventName) by Transaction, Step", StringComparison.Ordinal),
            alert => Criterion(alert)["query"] = Text(Criterion(alert), "query").Replace(" by Transaction, Step", " by Transaction", StringComparison.Ordinal)),
        Of("What a transaction says later does not hide that its writes are lost", "stuck-transactions",
            alert => LostWrites(Text(Criterion(alert), "query")) is { Length: > 0 } branch && !branch.Contains("arg_max", StringComparison.Ordinal),
            alert => Criterion(alert)["query"] = Text(Criterion(alert), "query").Replace("summarize by Transaction", "summarize arg_max(TimeGenerated, *) by Transaction", StringComparison.Ordinal)),
        Of("An alert of dead letters names the entity", "dead-letters",
            alert => alert.List("properties.criteria.allOf").Single()["dimensions"]!.AsArray().Single()!["name"]!.GetValue<string>() == "EntityName",
            alert => alert.List("properties.criteria.allOf").Single()["dimensions"]!.AsArray().Single()!["name"] = "OperationName"),
        Of("The event store's throttling is told from its other requests", "event-store-throttling",
            alert => alert.List("properties.criteria.allOf").Single()["dimensions"]!.AsArray().Single()!["values"]!.AsArray().Any(value => value!.GetValue<string>() == "ServerBusyError"),
            alert => alert.List("properties.criteria.allOf").Single()["dimensions"]!.AsArray().Single()!["values"] = new JsonArray("*")),
        Every("Every alert is on", alert => alert.At("properties.enabled")?.GetValue<bool>() == true, alert => alert.Set("properties.enabled", false)),
        Every("Every alert says what is wrong", alert => alert.Text("properties.description").Length > 60, alert => alert.Set("properties.description", "Alert")),
        Every("Every alert names a runbook that exists", alert => File.Exists(Repository.PathOf(RunbookOf(alert))),
            alert => alert.Set("properties.description", "Something is wrong, and it is said at some length. Runbook: src/docs/runbooks/none.md")),
        Every("Every alert goes away by itself when its cause does", alert => alert.At("properties.autoMitigate")?.GetValue<bool>() == true,
            alert => alert.Set("properties.autoMitigate", false)),
        Every("Every alert is looked at every five minutes", alert => alert.Text("properties.evaluationFrequency") == "PT5M",
            alert => alert.Set("properties.evaluationFrequency", "P1D")),
        new("Every alert tells somebody",
            snapshot => Alerts(snapshot).Where(alert => !(alert.At("properties.actions")?.ToJsonString() ?? "").Contains(snapshot.The(Group).Id, StringComparison.Ordinal))
                .Select(alert => $"{alert} tells nobody"),
            snapshot => snapshot.Of(Query).Last().Set("properties.actions", new JsonObject())),
        Rule.Each("Who is told has an address", Group, group => group.List("properties.emailReceivers").Any(),
            group => group.Set("properties.emailReceivers", new JsonArray())),
        Rule.Each("Who is told is told", Group, "properties.enabled", true, false),
    ];

    /// <summary>The page that an alert's description ends with.</summary>
    public static string RunbookOf(Resource alert) => alert.Text("properties.description").Split("Runbook: ")[^1];

    public static IEnumerable<Resource> Alerts(Snapshot snapshot) => snapshot.Of(Metric).Concat(snapshot.Of(Query));

    private static Rule Every(string says, Func<Resource, bool> holds, Action<Resource> broken) => new(
        says,
        snapshot => Alerts(snapshot).Where(alert => !holds(alert)).Select(alert => $"{alert}"),
        snapshot => broken(Alerts(snapshot).First()));

    private static Resource Bus(Snapshot snapshot) => snapshot.The("Microsoft.ServiceBus/namespaces");

    private static JsonNode Criterion(Resource alert) => alert.List("properties.criteria.allOf").Single();

    private static string Text(JsonNode criterion, string part) => criterion[part]!.GetValue<string>();

    /// <summary>What a query asks of lost writes, up to where the next question begins; nothing when it does not, or asks within another question.</summary>
    private static string LostWrites(string query) => query.Split("| union (").SingleOrDefault(branch =>
        branch.TrimStart().StartsWith("AppTraces\n    | where tostring(Properties.EventName) == 'WritesLost'\n", StringComparison.Ordinal)) ?? "";

    private static Rule Of(string says, string name, Func<Resource, bool> holds, Action<Resource> broken) => Of(says, name, (_, alert) => holds(alert), broken);

    private static Rule Of(string says, string name, Func<Snapshot, Resource, bool> holds, Action<Resource> broken) => new(
        says,
        snapshot => Alerts(snapshot).Where(alert => alert.Name == name).ToList() is [var alert] && holds(snapshot, alert) ? [] : [$"{name} is otherwise"],
        snapshot => broken(Alerts(snapshot).Single(alert => alert.Name == name)));

    private static IEnumerable<Rule> OfMetric(string says, string name, string metric, Func<Snapshot, Resource> of, string aggregation, int limit) =>
    [
        Of(says, name, alert => Text(Criterion(alert), "metricName") == metric, alert => Criterion(alert)["metricName"] = "Size"),
        IsOf($"{says}: of what it is about", name, of),
        .. Beyond(says, name, aggregation, limit),
    ];

    private static IEnumerable<Rule> OfQuery(string says, string name, string about, string? lookBack = null) =>
    [
        Of(says, name, alert => Text(Criterion(alert), "query").Contains(about, StringComparison.Ordinal), alert => Criterion(alert)["query"] = "AppEvents"),
        IsOf($"{says}: of what is logged", name, snapshot => snapshot.The("Microsoft.OperationalInsights/workspaces")),
        Of($"{says}: from as far back as it must", name, alert => (string?)alert.At("properties.overrideQueryTimeRange") == lookBack && alert.Text("properties.windowSize") == "PT15M",
            alert => alert.Set("properties.overrideQueryTimeRange", "PT30M")),
        .. Beyond(says, name, "Count", 0),
    ];

    private static Rule IsOf(string says, string name, Func<Snapshot, Resource> of) => Of(
        says, name,
        (snapshot, alert) => alert.List("properties.scopes").Select(scope => scope.GetValue<string>()).ToList() is [var only] && only == of(snapshot).Id,
        alert => alert.Set("properties.scopes", new JsonArray("/subscriptions/other")));

    private static IEnumerable<Rule> Beyond(string says, string name, string aggregation, int limit) =>
    [
        Of($"{says}: when there is more than {limit}", name,
            alert => Text(Criterion(alert), "operator") == "GreaterThan" && JsonNode.DeepEquals(Criterion(alert)["threshold"], limit),
            alert => Criterion(alert)["threshold"] = limit + 1),
        Of($"{says}: and not when there is less", name, alert => Text(Criterion(alert), "operator") == "GreaterThan", alert => Criterion(alert)["operator"] = "LessThan"),
        Of($"{says}: by the {aggregation}", name, alert => Text(Criterion(alert), "timeAggregation") == aggregation, alert => Criterion(alert)["timeAggregation"] = "Average"),
    ];
}

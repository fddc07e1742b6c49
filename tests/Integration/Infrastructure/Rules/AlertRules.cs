using System.Text.Json.Nodes;
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
        OfMetric("Dead letters raise an alert", "dead-letters", "DeadletteredMessages"),
        OfMetric("Throttling by the bus raises an alert", "service-bus-throttling", "ThrottledRequests"),
        OfMetric("Throttling by the event store raises an alert", "event-store-throttling", "Transactions"),
        OfMetric("Messages that pile up raise an alert", "projection-backlog", "ActiveMessages"),
        OfQuery("Failed executions raise an alert", "failed-executions", "AppRequests"),
        OfQuery("Stuck transactions raise an alert", "stuck-transactions", "TransactionStarted"),
        OfQuery("Parked compensations raise an alert", "parked-compensations", "StepParked"),
        OfQuery("Projections that lag or stand still raise an alert", "projection-lag", "atomic.projection.waiting.age"),
        OfQuery("A missing export raises an alert", "event-store-export-failed", "EventStoreExported"),
        OfQuery("Telemetry that stops raises an alert", "telemetry-capped", "OverQuota"),
        Of("An alert of dead letters names the entity", "dead-letters",
            alert => alert.List("properties.criteria.allOf").Single()["dimensions"]!.AsArray().Single()!["name"]!.GetValue<string>() == "EntityName",
            alert => alert.List("properties.criteria.allOf").Single()["dimensions"]!.AsArray().Single()!["name"] = "OperationName"),
        Of("One dead letter is enough", "dead-letters",
            alert => JsonNode.DeepEquals(alert.List("properties.criteria.allOf").Single()["threshold"], 0),
            alert => alert.List("properties.criteria.allOf").Single()["threshold"] = 100),
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

    private static Rule Of(string says, string name, Func<Resource, bool> holds, Action<Resource> broken) => new(
        says,
        snapshot => Alerts(snapshot).Where(alert => alert.Name == name).ToList() is [var alert] && holds(alert) ? [] : [$"{name} is otherwise"],
        snapshot => broken(Alerts(snapshot).Single(alert => alert.Name == name)));

    private static Rule OfMetric(string says, string name, string metric) => Of(
        says, name,
        alert => alert.List("properties.criteria.allOf").Single()["metricName"]!.GetValue<string>() == metric && alert.List("properties.scopes").Any(),
        alert => alert.List("properties.criteria.allOf").Single()["metricName"] = "Size");

    private static Rule OfQuery(string says, string name, string about) => Of(
        says, name,
        alert => alert.List("properties.criteria.allOf").Single()["query"]!.GetValue<string>().Contains(about, StringComparison.Ordinal) && alert.List("properties.scopes").Any(),
        alert => alert.List("properties.criteria.allOf").Single()["query"] = "AppEvents");
}

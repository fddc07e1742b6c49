using System.Text.Json.Nodes;

namespace Atomic.Integration.Infrastructure.Rules;

/// <summary>What is recorded, by whom, and how much of it.</summary>
internal static class TelemetryRules
{
    private const string Workspace = "Microsoft.OperationalInsights/workspaces";
    private const string Insights = "Microsoft.Insights/components";
    private const string Diagnostics = "Microsoft.Insights/diagnosticSettings";
    private const string Budget = "Microsoft.Consumption/budgets";

    public static readonly IReadOnlyList<Rule> All =
    [
        new("Application Insights keeps its data in the workspace",
            snapshot => snapshot.The(Insights).Text("properties.WorkspaceResourceId") == snapshot.The(Workspace).Id ? [] : ["It does not"],
            snapshot => snapshot.The(Insights).Set("properties.WorkspaceResourceId", null)),
        Rule.Each("Application Insights takes telemetry through the workspace", Insights, "properties.IngestionMode", "LogAnalytics", "ApplicationInsights"),
        Rule.Each("Application Insights takes no telemetry by key", Insights, "properties.DisableLocalAuth", true, false),
        Rule.Each("The workspace takes no logs by key", Workspace, "properties.features.disableLocalAuth", true, false),
        Rule.Each("The workspace has a daily cap", Workspace,
            workspace => workspace.At("properties.workspaceCapping.dailyQuotaGb")?.GetValue<int>() is >= 1 and <= 100,
            workspace => workspace.Set("properties.workspaceCapping.dailyQuotaGb", -1)),
        Rule.Each("The workspace keeps logs for as long as is free", Workspace,
            workspace => workspace.At("properties.retentionInDays")?.GetValue<int>() is 30 or 31,
            workspace => workspace.Set("properties.retentionInDays", 730)),
        Rule.Setting("The host sends a share of its traces, and not five a second", "OTEL_TRACES_SAMPLER",
            (_, value) => value == "microsoft.fixed_percentage", "microsoft.rate_limited"),
        Rule.Setting("All traces are sent until somebody says otherwise", "OTEL_TRACES_SAMPLER_ARG", (_, value) => value == "1", "0.1"),
        Rule.Each("Every diagnostic setting records something", Diagnostics,
            setting => setting.List("properties.logs").Any(log => log["enabled"]?.GetValue<bool>() == true),
            setting => setting.Set("properties.logs", new JsonArray())),
        new("Every diagnostic setting writes to the workspace",
            snapshot => snapshot.Of(Diagnostics).Where(setting => setting.Text("properties.workspaceId") != snapshot.The(Workspace).Id).Select(setting => $"{setting}"),
            snapshot => snapshot.Of(Diagnostics).First().Set("properties.workspaceId", "/other")),
        Watched("The bus says what was done to it", "Microsoft.ServiceBus/namespaces", "OperationalLogs"),
        Watched("The host's log is kept", "Microsoft.Web/sites", "FunctionAppLogs"),
        Rule.Each("The cost of a month is watched", Budget,
            budget => budget.Text("properties.timeGrain") == "Monthly" && budget.At("properties.amount")?.GetValue<int>() > 0,
            budget => budget.Set("properties.amount", 0)),
        Rule.Each("Somebody is told of the cost, and before it is reached", Budget,
            budget => budget.At("properties.notifications") is JsonObject told
                && told.Any(each => each.Value!["thresholdType"]!.GetValue<string>() == "Forecasted" && each.Value["contactEmails"]!.AsArray().Count > 0),
            budget => budget.At("properties.notifications")!.AsObject().Remove("forecast")),
        new("All that can be tagged carries the environment's name",
            snapshot => snapshot.All.Where(resource => resource.At("location") is not null && resource.At("tags")?["azd-env-name"] is null).Select(resource => $"{resource}"),
            snapshot => snapshot.Of(Insights).Single().At("tags")!.AsObject().Remove("azd-env-name")),
    ];

    private static Rule Watched(string says, string type, string category) => new(
        says,
        snapshot => snapshot.On(snapshot.The(type), Diagnostics).SelectMany(setting => setting.List("properties.logs"))
            .Any(log => log["category"]?.GetValue<string>() == category) ? [] : [$"{category} of {type} is not recorded"],
        snapshot => snapshot.Remove(snapshot.On(snapshot.The(type), Diagnostics).Single()));
}

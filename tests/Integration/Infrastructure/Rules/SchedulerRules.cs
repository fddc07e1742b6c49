using System.Text.Json.Nodes;

namespace Atomic.Integration.Infrastructure.Rules;

/// <summary>What Durable Task Scheduler keeps, and who works for it.</summary>
internal static class SchedulerRules
{
    private const string Scheduler = "Microsoft.DurableTask/schedulers";
    private const string Retention = $"{Scheduler}/retentionPolicies";
    private const string Ready = "properties.functionAppConfig.scaleAndConcurrency.alwaysReady";

    private static readonly string[] Unfinished = ["Failed", "Terminated", "Canceled"];

    public static readonly IReadOnlyList<Rule> All =
    [
        new("Failed histories are kept as long as the scheduler can",
            snapshot => Unfinished.Where(state => DaysOf(snapshot, state) != MostDays(snapshot)),
            snapshot => snapshot.The(Retention).Set("properties.retentionPolicies", new JsonArray(Policy(7)))) { AppliesTo = snapshot => snapshot.OnScheduler },
        new("The scheduler keeps what completed for as long as the app does",
            snapshot => $"{DaysOf(snapshot, null)}" == snapshot.Settings["Retention__histories"] ? [] : ["One of the two keeps it for longer"],
            snapshot => snapshot.The(Retention).Set("properties.retentionPolicies", new JsonArray(Policy(7)))) { AppliesTo = snapshot => snapshot.OnScheduler },
        new("Nothing is to be kept in the scheduler for longer than it can",
            snapshot => snapshot.The(Retention).List("properties.retentionPolicies").Where(policy => Days(policy) > MostDays(snapshot)).Select(policy => policy.ToJsonString()),
            snapshot => snapshot.The(Retention).Set("properties.retentionPolicies", new JsonArray(Policy(365)))) { AppliesTo = snapshot => snapshot.OnScheduler },
        new("On the scheduler somebody is always there for orchestrations",
            snapshot => snapshot.App.List(Ready).Any(group => (string?)group["name"] == "durable" && (int?)group["instanceCount"] >= 1) ? [] : ["Nobody is"],
            snapshot => snapshot.App.Set(Ready, new JsonArray())) { AppliesTo = snapshot => snapshot.OnScheduler },
        new("On Azure Storage nobody is paid for while there is nothing to do",
            snapshot => snapshot.App.List(Ready).Select(group => $"{group["name"]}"),
            snapshot => snapshot.App.Set(Ready, new JsonArray(new JsonObject { ["name"] = "durable", ["instanceCount"] = 1 }))) { AppliesTo = snapshot => !snapshot.OnScheduler },
    ];

    private static int MostDays(Snapshot snapshot) => snapshot.The(Scheduler).Text("properties.sku.name") == "Dedicated" ? 90 : 30;

    private static int? DaysOf(Snapshot snapshot, string? state) =>
        snapshot.Of(Retention).SelectMany(retention => retention.List("properties.retentionPolicies")).Where(policy => (string?)policy["orchestrationState"] == state)
            .Select(policy => (int?)Days(policy)).SingleOrDefault();

    private static int Days(JsonNode policy) => policy["retentionPeriodInDays"]!.GetValue<int>();

    private static JsonObject Policy(int days) => new JsonObject { ["retentionPeriodInDays"] = days };
}

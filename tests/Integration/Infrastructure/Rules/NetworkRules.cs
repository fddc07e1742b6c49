using System.Text.Json.Nodes;

namespace Atomic.Integration.Infrastructure.Rules;

/// <summary>What can be reached from where; and that every resource is of a version that Bicep checks.</summary>
internal static class NetworkRules
{
    private const string Account = "Microsoft.Storage/storageAccounts";
    private const string Namespace = "Microsoft.ServiceBus/namespaces";
    private const string Scheduler = "Microsoft.DurableTask/schedulers";
    private const string Endpoint = "Microsoft.Network/privateEndpoints";

    private static readonly Dictionary<string, string> Versions = new()
    {
        ["Microsoft.ServiceBus"] = "2026-01-01",
        ["Microsoft.Storage"] = "2025-06-01",
        ["Microsoft.Web"] = "2025-03-01",
        ["Microsoft.DurableTask"] = "2026-02-01",
        ["Microsoft.ManagedIdentity"] = "2024-11-30",
        ["Microsoft.OperationalInsights"] = "2026-03-01",
        ["Microsoft.Insights/components"] = "2020-02-02",
        ["Microsoft.Insights/metricAlerts"] = "2026-01-01",
        ["Microsoft.Insights/scheduledQueryRules"] = "2026-03-01",
        ["Microsoft.Insights/diagnosticSettings"] = "2021-05-01-preview",
        ["Microsoft.Insights/actionGroups"] = "2023-01-01",
        ["Microsoft.Authorization/roleAssignments"] = "2022-04-01",
        ["Microsoft.Authorization/locks"] = "2020-05-01",
        ["Microsoft.Consumption"] = "2026-06-01",
        ["Microsoft.Network/privateDnsZones"] = "2024-06-01",
        ["Microsoft.Network"] = "2025-01-01",
        ["Microsoft.Resources"] = "2025-04-01",
    };

    public static readonly IReadOnlyList<Rule> All =
    [
        Private("Storage is not reached from the public network", Account, "properties.publicNetworkAccess", "Disabled", "Enabled"),
        Private("Storage denies who has no private endpoint", Account, "properties.networkAcls.defaultAction", "Deny", "Allow"),
        Private("The bus is not reached from the public network", Namespace, "properties.publicNetworkAccess", "Disabled", "Enabled"),
        Private("The bus is of the tier that has private endpoints", Namespace, "sku.name", "Premium", "Standard"),
        Private("The scheduler is not reached from the public network", Scheduler, "properties.publicNetworkAccess", "Disabled", "Enabled"),
        new("All that the app uses has a private endpoint",
            snapshot => new[] { Account, Namespace, Scheduler }.SelectMany(snapshot.Of).Where(target => !TargetsOf(snapshot).Contains(target.Id)).Select(target => $"{target}"),
            snapshot => snapshot.Remove(snapshot.Of(Endpoint).Last())) { AppliesTo = OnlyPrivate },
        new("The host reaches blobs, queues and tables over private endpoints",
            snapshot => new[] { "blob", "queue", "table" }.Except(GroupsOf(snapshot, snapshot.HostStorage)),
            snapshot => snapshot.Remove(snapshot.Of(Endpoint).Single(each => each.Name == "host-queue"))) { AppliesTo = OnlyPrivate },
        new("Every private endpoint has a name in the network",
            snapshot => snapshot.Of(Endpoint).Where(endpoint => snapshot.Of($"{Endpoint}/privateDnsZoneGroups").All(group => group.Name != $"{endpoint.Name}/default"))
                .Select(endpoint => $"{endpoint}"),
            snapshot => snapshot.Remove(snapshot.Of($"{Endpoint}/privateDnsZoneGroups").Last())) { AppliesTo = OnlyPrivate },
        new("Every zone of private names is resolved in the network",
            snapshot => snapshot.Of("Microsoft.Network/privateDnsZones").Count() == snapshot.Of("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Count() ? [] : ["One is not"],
            snapshot => snapshot.Remove(snapshot.Of("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Last())) { AppliesTo = OnlyPrivate },
        new("The app sends through its subnet",
            snapshot => snapshot.App.Text("properties.virtualNetworkSubnetId").EndsWith("/subnets/app", StringComparison.Ordinal) ? [] : ["It does not"],
            snapshot => snapshot.App.Set("properties.virtualNetworkSubnetId", null)) { AppliesTo = OnlyPrivate },
        new("The app's subnet is delegated to Flex Consumption",
            snapshot => snapshot.The("Microsoft.Network/virtualNetworks").At("properties.subnets")!.ToJsonString()
                .Contains("\"serviceName\":\"Microsoft.App/environments\"", StringComparison.Ordinal) ? [] : ["It is not"],
            snapshot => snapshot.The("Microsoft.Network/virtualNetworks").List("properties.subnets").First()["properties"]!["delegations"]!.AsArray().Clear()) { AppliesTo = OnlyPrivate },
        Rule.Each("Each subnet has rules of its own", "Microsoft.Network/virtualNetworks",
            network => network.List("properties.subnets").All(subnet => subnet["properties"]!["networkSecurityGroup"] is not null),
            network => network.List("properties.subnets").Last()["properties"]!.AsObject().Remove("networkSecurityGroup")) with { AppliesTo = OnlyPrivate },
        new("Only the app is let to the private endpoints",
            snapshot => RulesOfEndpoints(snapshot).Where(rule => Is(rule, "access", "Allow") && !Is(rule, "sourceAddressPrefix", Subnet(snapshot, "app")["addressPrefix"]!.GetValue<string>()))
                .Select(rule => $"{rule["sourceAddressPrefix"]} is let in"),
            snapshot => RulesOfEndpoints(snapshot).First(rule => Is(rule, "access", "Allow"))["sourceAddressPrefix"] = "*") { AppliesTo = OnlyPrivate },
        new("Everybody else is kept from the private endpoints",
            snapshot => RulesOfEndpoints(snapshot).Any(rule => Is(rule, "access", "Deny") && Is(rule, "direction", "Inbound")
                && new[] { "protocol", "sourceAddressPrefix", "sourcePortRange", "destinationAddressPrefix", "destinationPortRange" }.All(part => Is(rule, part, "*"))) ? [] : ["Others reach them"],
            snapshot => RulesOfEndpoints(snapshot).First(rule => Is(rule, "access", "Deny"))["destinationPortRange"] = "443") { AppliesTo = OnlyPrivate },
        new("Without a private network there is none",
            snapshot => snapshot.All.Where(resource => resource.Type.StartsWith("Microsoft.Network/", StringComparison.Ordinal)).Select(resource => $"{resource}"),
            snapshot => snapshot.AddCopyOf(snapshot.App).Set("type", Endpoint)) { AppliesTo = snapshot => !snapshot.IsPrivate },
        new("Every resource is of a version that Bicep checks",
            snapshot => snapshot.All.Where(resource => resource.ApiVersion != VersionOf(resource.Type)).Select(resource => $"{resource} is of {resource.ApiVersion}"),
            snapshot => snapshot.Of(Account).First().Set("apiVersion", "2019-06-01")),
    ];

    private static JsonNode Subnet(Snapshot snapshot, string name) => snapshot.The("Microsoft.Network/virtualNetworks").List("properties.subnets")
        .Single(subnet => subnet["name"]!.GetValue<string>() == name)["properties"]!;

    /// <summary>Those of the subnet that the private endpoints are in.</summary>
    private static IEnumerable<JsonNode> RulesOfEndpoints(Snapshot snapshot) => snapshot.Of("Microsoft.Network/networkSecurityGroups")
        .Single(group => group.Id == Subnet(snapshot, "endpoints")["networkSecurityGroup"]!["id"]!.GetValue<string>())
        .List("properties.securityRules").Select(rule => rule["properties"]!);

    private static bool Is(JsonNode rule, string part, string value) => rule[part]?.GetValue<string>() == value;

    private static bool OnlyPrivate(Snapshot snapshot) => snapshot.IsPrivate;

    private static string? VersionOf(string type) =>
        Versions.GetValueOrDefault(string.Join('/', type.Split('/').Take(2))) ?? Versions.GetValueOrDefault(type.Split('/')[0]);

    private static Rule Private(string says, string type, string path, string expected, string broken) =>
        Rule.Each(says, type, path, expected, broken) with { AppliesTo = OnlyPrivate };

    private static IEnumerable<string> TargetsOf(Snapshot snapshot) => snapshot.Of(Endpoint)
        .SelectMany(endpoint => endpoint.List("properties.privateLinkServiceConnections")).Select(link => link["properties"]!["privateLinkServiceId"]!.GetValue<string>());

    private static IEnumerable<string> GroupsOf(Snapshot snapshot, Resource target) => snapshot.Of(Endpoint)
        .SelectMany(endpoint => endpoint.List("properties.privateLinkServiceConnections"))
        .Where(link => link["properties"]!["privateLinkServiceId"]!.GetValue<string>() == target.Id)
        .SelectMany(link => link["properties"]!["groupIds"]!.AsArray()).Select(group => group!.GetValue<string>());
}

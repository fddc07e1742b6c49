namespace Atomic.Integration.Infrastructure.Rules;

/// <summary>What the identity may do: as little as it needs, on each resource by itself.</summary>
internal static class RoleRules
{
    private const string Assignment = "Microsoft.Authorization/roleAssignments";
    private const string BlobOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
    private const string BlobContributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
    private const string QueueContributor = "974c5e8b-45b9-4653-ba55-5f855dd0fb88";
    private const string TableContributor = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3";
    private const string BusReceiver = "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0";
    private const string BusSender = "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39";
    private const string BusOwner = "090c5cfd-751d-490a-894a-3ce6f1109419";
    private const string TaskContributor = "0ad04412-c4d5-4796-b79c-f76d14c8d402";
    private const string Contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c";
    private const string MetricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";

    public static readonly IReadOnlyList<Rule> All =
    [
        .. On("The host owns its blobs, and writes its queues and tables", snapshot => snapshot.HostStorage, snapshot => !snapshot.OnScheduler,
            BlobOwner, QueueContributor, TableContributor),
        .. On("The host owns its blobs and writes its tables; there are no queues to write", snapshot => snapshot.HostStorage, snapshot => snapshot.OnScheduler,
            BlobOwner, TableContributor),
        .. On("The app writes the event store's tables and nothing else there", snapshot => snapshot.EventStore, _ => true, TableContributor),
        .. On("The app writes exports and owns none", snapshot => snapshot.ExportStorage, _ => true, BlobContributor),
        .. On("The app receives and sends, and does not own the bus", Bus, snapshot => !snapshot.ScalesByTarget, BusReceiver, BusSender),
        .. On("The app owns the bus where the platform counts its messages", Bus, snapshot => snapshot.ScalesByTarget, BusOwner),
        .. On("The app sends telemetry and reads none", snapshot => snapshot.The("Microsoft.Insights/components"), _ => true, MetricsPublisher),
        .. On("The app works on the scheduler's tasks", snapshot => snapshot.The("Microsoft.DurableTask/schedulers"), snapshot => snapshot.OnScheduler, TaskContributor),
        Rule.Each("Every role is on a resource, none on the group or the subscription", Assignment,
            role => role.Id.Split("/providers/Microsoft.Authorization/")[0].Split("/resourceGroups/") is [_, var group] && group.Contains("/providers/", StringComparison.Ordinal),
            role => role.Set("id", $"/subscriptions/s/resourceGroups/g/providers/{Assignment}/{role.Name}")),
        Rule.Each("Every role is given to a service principal", Assignment, "properties.principalType", "ServicePrincipal", "User"),
        new("Every role is the app's identity's",
            snapshot => snapshot.Of(Assignment).Where(role => !role.Text("properties.principalId")
                .StartsWith($"[reference('{snapshot.The("Microsoft.ManagedIdentity/userAssignedIdentities").Id}'", StringComparison.Ordinal)).Select(role => $"{role}"),
            snapshot => snapshot.Of(Assignment).First().Set("properties.principalId", "00000000-0000-0000-0000-000000000000")),
        Rule.Each("No role but those that are needed is given", Assignment,
            role => new[] { BlobOwner, BlobContributor, QueueContributor, TableContributor, BusReceiver, BusSender, BusOwner, TaskContributor, MetricsPublisher }
                .Contains(RoleOf(role)),
            role => role.Set("properties.roleDefinitionId", $"/providers/Microsoft.Authorization/roleDefinitions/{Contributor}")),
    ];

    private static Resource Bus(Snapshot snapshot) => snapshot.The("Microsoft.ServiceBus/namespaces");

    private static IEnumerable<Rule> On(string says, Func<Snapshot, Resource> target, Func<Snapshot, bool> applies, params string[] roles) =>
    [
        new(says,
            snapshot => roles.Except(Given(snapshot, target(snapshot))).Select(role => $"{role} is missing"),
            snapshot => snapshot.Remove(snapshot.On(target(snapshot), Assignment).Last())) { AppliesTo = applies },
        new($"{says}: and may no more",
            snapshot => Given(snapshot, target(snapshot)).Except(roles).Select(role => $"{role} is too much"),
            snapshot => snapshot.AddCopyOf(snapshot.On(target(snapshot), Assignment).Last()).Set("properties.roleDefinitionId", $"/{Contributor}")) { AppliesTo = applies },
    ];

    private static IEnumerable<string> Given(Snapshot snapshot, Resource target) => snapshot.On(target, Assignment).Select(RoleOf);

    private static string RoleOf(Resource role) => role.Text("properties.roleDefinitionId").Split('/')[^1];
}

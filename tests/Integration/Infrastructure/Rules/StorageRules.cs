using System.Text.Json.Nodes;

namespace Atomic.Integration.Infrastructure.Rules;

/// <summary>Where the state is: the host's, the event store's, and its exports.</summary>
internal static class StorageRules
{
    private const string Account = "Microsoft.Storage/storageAccounts";
    private const string Container = $"{Account}/blobServices/containers";
    private const string Immutability = $"{Container}/immutabilityPolicies";
    private const string Lifecycle = $"{Account}/managementPolicies";

    public static readonly IReadOnlyList<Rule> All =
    [
        Rule.Each("No account takes shared keys", Account, "properties.allowSharedKeyAccess", false, true),
        Rule.Each("No account has public blobs", Account, "properties.allowBlobPublicAccess", false, true),
        Rule.Each("Every account asks who it is by default", Account, "properties.defaultToOAuthAuthentication", true, false),
        Rule.Each("Every account answers HTTPS only", Account, "properties.supportsHttpsTrafficOnly", true, false),
        Rule.Each("No account takes TLS below 1.2", Account, "properties.minimumTlsVersion", "TLS1_2", "TLS1_0"),
        Rule.Each("No account is copied to another tenant", Account, "properties.allowCrossTenantReplication", false, true),
        Rule.Each("No container is public", Container, "properties.publicAccess", "None", "Blob"),
        Rule.Each("A deleted blob can be brought back", $"{Account}/blobServices", "properties.deleteRetentionPolicy.enabled", true, false),
        Rule.Each("A deleted container can be brought back", $"{Account}/blobServices", "properties.containerDeleteRetentionPolicy.enabled", true, false),
        new("The event store has an account of its own, and so do its exports",
            snapshot => snapshot.Of(Account).Select(account => account.Name).Distinct().Count() == 3
                && !snapshot.Settings["AzureWebJobsStorage__tableServiceUri"].Contains(snapshot.EventStore.Name, StringComparison.Ordinal)
                && !snapshot.Settings["EventStore__tableServiceUri"].Contains(snapshot.ExportStorage.Name, StringComparison.Ordinal)
                ? [] : ["An account is shared"],
            snapshot => snapshot.SetSetting("AzureWebJobsStorage__tableServiceUri", snapshot.Settings["EventStore__tableServiceUri"])),
        Locked("The event store cannot be deleted with its account", snapshot => snapshot.EventStore),
        Locked("The exports cannot be deleted with their account", snapshot => snapshot.ExportStorage),
        Redundant("The event store is kept in a second region", snapshot => snapshot.EventStore),
        Redundant("The exports are kept in a second region", snapshot => snapshot.ExportStorage),
        new("There is a container that the event store is exported to",
            snapshot => snapshot.Of(Container).Any(container => container.Name == $"{snapshot.ExportStorage.Name}/default/event-store") ? [] : ["There is none"],
            snapshot => snapshot.Remove(snapshot.Of(Container).Single(container => container.Name.EndsWith("/event-store", StringComparison.Ordinal)))),
        new("The keys of people are exported to a container of their own, which is not immutable",
            snapshot => snapshot.Of(Container).Any(container => container.Name == $"{snapshot.ExportStorage.Name}/default/subject-keys")
                && !snapshot.Of(Immutability).Any(policy => policy.Name.Contains("subject-keys", StringComparison.Ordinal)) ? [] : ["What is erased would be kept"],
            snapshot => snapshot.AddCopyOf(snapshot.The(Immutability)).Set("name", $"{snapshot.ExportStorage.Name}/default/subject-keys/default")),
        new("An export cannot be changed or deleted for a month",
            snapshot => snapshot.Of(Immutability).Any(policy => policy.Name == $"{snapshot.ExportStorage.Name}/default/event-store/default"
                && Days(policy, "properties.immutabilityPeriodSinceCreationInDays") >= 30) ? [] : ["It can"],
            snapshot => snapshot.The(Immutability).Set("properties.immutabilityPeriodSinceCreationInDays", 1)),
        Rule.Each("An export cannot be appended to", Immutability, "properties.allowProtectedAppendWrites", false, true),
        new("An export is deleted in the end, once it may be",
            snapshot => snapshot.Of(Lifecycle).SelectMany(policy => policy.List("properties.policy.rules"))
                .Any(rule => rule["definition"]?["actions"]?["baseBlob"]?["delete"]?["daysAfterModificationGreaterThan"]?.GetValue<int>()
                    > Days(snapshot.The(Immutability), "properties.immutabilityPeriodSinceCreationInDays")) ? [] : ["It is kept for ever, or for too short a time"],
            snapshot => snapshot.The(Lifecycle).At("properties.policy.rules")!.AsArray().Clear()),
        new("Who deletes rows or blobs leaves a trace",
            snapshot => snapshot.Of(Account).Where(account => snapshot.On(account, "Microsoft.Insights/diagnosticSettings")
                .Count(setting => setting.List("properties.logs").Any(Deletions)) < 2).Select(account => $"{account} does not say who deleted what"),
            snapshot => snapshot.On(snapshot.EventStore, "Microsoft.Insights/diagnosticSettings").Last().Set("properties.logs", new JsonArray())),
    ];

    private static int Days(Resource policy, string path) => policy.At(path)?.GetValue<int>() ?? 0;

    private static bool Deletions(JsonNode log) => log["category"]?.GetValue<string>() == "StorageDelete" && log["enabled"]?.GetValue<bool>() == true;

    private static Rule Locked(string says, Func<Snapshot, Resource> account) => new(
        says,
        snapshot => snapshot.On(account(snapshot), "Microsoft.Authorization/locks")
            .Any(each => each.Text("properties.level") == "CanNotDelete" && each.Text("properties.notes").Length > 0) ? [] : [$"{account(snapshot)} is not locked"],
        snapshot => snapshot.Remove(snapshot.On(account(snapshot), "Microsoft.Authorization/locks").Single()));

    private static Rule Redundant(string says, Func<Snapshot, Resource> account) => new(
        says,
        snapshot => account(snapshot).Text("sku.name") is "Standard_GRS" or "Standard_GZRS" or "Standard_RAGRS" or "Standard_RAGZRS" ? [] : ["It is not"],
        snapshot => account(snapshot).Set("sku.name", "Standard_LRS"));
}

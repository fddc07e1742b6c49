using System.Text.RegularExpressions;

namespace Atomic.Integration.Infrastructure.Rules;

/// <summary>Who the app is, and how it says so to what it uses.</summary>
internal static partial class IdentityRules
{
    private const string Identity = "Microsoft.ManagedIdentity/userAssignedIdentities";
    private const string Scheduler = "Microsoft.DurableTask/schedulers";
    private const string SchedulerConnection = "DURABLE_TASK_SCHEDULER_CONNECTION_STRING";
    private const string StorageProvider = "AzureFunctionsJobHost__extensions__durableTask__storageProvider__";

    private static readonly string[] Connections = ["AzureWebJobsStorage", "ServiceBusConnection", "EventStore", "EventStoreExport"];

    public static readonly IReadOnlyList<Rule> All =
    [
        new("There is one identity",
            snapshot => snapshot.Of(Identity).Count() == 1 ? [] : [$"{snapshot.Of(Identity).Count()} identities"],
            snapshot => snapshot.AddCopyOf(snapshot.The(Identity))),
        new("The app is that identity and no other",
            snapshot => snapshot.App.Text("identity.type") == "UserAssigned"
                && snapshot.App.At("identity.userAssignedIdentities")?.AsObject().Select(each => each.Key).ToList() is [var only]
                && only == snapshot.The(Identity).Id ? [] : ["The app is somebody else, too"],
            snapshot => snapshot.App.Set("identity.type", "SystemAssigned, UserAssigned")),
        .. new[] { "blob", "queue", "table" }.Select(service => Address(
            $"The host reaches its {service}s by identity", $"AzureWebJobsStorage__{service}ServiceUri", service, snapshot => snapshot.HostStorage)),
        Address("The app reaches the event store by identity", "EventStore__tableServiceUri", "table", snapshot => snapshot.EventStore),
        Address("The app reaches the exports by identity", "EventStoreExport__blobServiceUri", "blob", snapshot => snapshot.ExportStorage),
        Rule.Setting("The app reaches the bus by identity", "ServiceBusConnection__fullyQualifiedNamespace",
            (snapshot, value) => value == $"{snapshot.The("Microsoft.ServiceBus/namespaces").Name}.servicebus.windows.net", "other.servicebus.windows.net"),
        .. Connections.Select(connection => Rule.Setting($"{connection} is a managed identity's", $"{connection}__credential",
            (_, value) => value == "managedidentity", "clientsecret")),
        .. Connections.Select(connection => Rule.Setting($"{connection} says which identity", $"{connection}__clientId",
            (snapshot, value) => IsClientId(snapshot, value), "00000000-0000-0000-0000-000000000000")),
        new("No connection is a connection string",
            snapshot => snapshot.Settings.Keys.Intersect(Connections),
            snapshot => snapshot.SetSetting("EventStore", "UseDevelopmentStorage=true")),
        new("No key, signature or password is anywhere",
            snapshot => snapshot.All.Select(resource => (resource, found: Secret().Match(resource.Json.ToJsonString())))
                .Where(each => each.found.Success).Select(each => $"{each.resource}: {each.found.Value}"),
            snapshot => snapshot.SetSetting("EventStore__accountKey", "[listKeys(resourceId('Microsoft.Storage/storageAccounts', 'stevents'), '2025-06-01').keys[0].value]")),
        Rule.Setting("Telemetry is sent to this Application Insights", "APPLICATIONINSIGHTS_CONNECTION_STRING",
            (snapshot, value) => value.Contains(snapshot.The("Microsoft.Insights/components").Id, StringComparison.Ordinal), "elsewhere"),
        Rule.Setting("Telemetry is sent by identity", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
            (_, value) => value.Contains("Authorization=AAD", StringComparison.Ordinal) && value.Contains("clientId", StringComparison.Ordinal), "ClientId=x"),
        Rule.Setting("The host keeps its orchestrations in the scheduler", $"{StorageProvider}type", (_, value) => value == "azureManaged", "azureStorage")
            with { AppliesTo = snapshot => snapshot.OnScheduler },
        Rule.Setting("The host finds the scheduler by a setting that is there", $"{StorageProvider}connectionStringName",
            (snapshot, value) => snapshot.Settings.ContainsKey(value), "Missing") with { AppliesTo = snapshot => snapshot.OnScheduler },
        Rule.Setting("The host reaches the scheduler by identity", SchedulerConnection,
            (snapshot, value) => value.Contains("Authentication=ManagedIdentity;ClientID=", StringComparison.Ordinal)
                && value.Contains($"{snapshot.The(Scheduler).Id}', ", StringComparison.Ordinal), "Endpoint=x;Authentication=None") with { AppliesTo = snapshot => snapshot.OnScheduler },
        new("The scheduler has the task hub that the app names",
            snapshot => snapshot.The($"{Scheduler}/taskHubs").Name == $"{snapshot.The(Scheduler).Name}/{snapshot.Settings["TaskHub"]}" ? [] : ["The task hub is another"],
            snapshot => snapshot.SetSetting("TaskHub", "Other")) { AppliesTo = snapshot => snapshot.OnScheduler },
        new("Nothing of the scheduler is there without it",
            snapshot => snapshot.Settings.Keys.Where(key => key.StartsWith(StorageProvider, StringComparison.Ordinal) || key == SchedulerConnection)
                .Concat(snapshot.All.Where(resource => resource.Type.StartsWith(Scheduler, StringComparison.Ordinal)).Select(resource => $"{resource}")),
            snapshot => snapshot.SetSetting($"{StorageProvider}type", "azureManaged")) { AppliesTo = snapshot => !snapshot.OnScheduler },
    ];

    private static Rule Address(string says, string setting, string service, Func<Snapshot, Resource> account) => Rule.Setting(
        says, setting, (snapshot, value) => value == $"[format('https://{{0}}.{{1}}.{{2}}', '{account(snapshot).Name}', '{service}', environment().suffixes.storage)]", "https://other");

    private static bool IsClientId(Snapshot snapshot, string value) =>
        value == $"[reference('{snapshot.The(Identity).Id}', '{snapshot.The(Identity).ApiVersion}').clientId]";

    [GeneratedRegex("""list(Keys|AccountSas|ServiceSas|Secrets)\w*\(|AccountKey=|SharedAccessKey|SharedAccessSignature|[?&]sig=|password|primaryKey|"(InstrumentationKey=|DefaultEndpointsProtocol)""", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}

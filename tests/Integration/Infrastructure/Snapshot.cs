using System.Text.Json.Nodes;
using Atomic.Testing;

namespace Atomic.Integration.Infrastructure;

/// <summary>All resources that one set of parameters creates, as Bicep expands them.</summary>
internal sealed class Snapshot(string name, JsonObject document)
{
    public static readonly string[] Names = ["azure-storage", "task-scheduler", "private-network"];

    private readonly JsonArray _resources = document["predictedResources"]!.AsArray();

    public bool OnScheduler => name != "azure-storage";

    public bool IsPrivate => name == "private-network";

    public bool ScalesByTarget => name != "azure-storage";

    public bool SignsIn => name != "azure-storage";

    public IEnumerable<Resource> All => _resources.Select(resource => new Resource(resource!.AsObject()));

    public Resource App => The("Microsoft.Web/sites");

    public Resource HostStorage => Account("sthost");

    public Resource EventStore => Account("stevents");

    public Resource ExportStorage => Account("stexport");

    /// <summary>App settings by name.</summary>
    public IReadOnlyDictionary<string, string> Settings => App.List("properties.siteConfig.appSettings")
        .ToDictionary(setting => setting["name"]!.GetValue<string>(), setting => setting["value"]!.GetValue<string>());

    public static Snapshot Read(string name) => new(name, JsonNode.Parse(Repository.Read($"infra/snapshots/{name}.snapshot.json"))!.AsObject());

    public IEnumerable<Resource> Of(string type) => All.Where(resource => resource.Type == type);

    public Resource The(string type) => Of(type).Single();

    /// <summary>What hangs on a resource: locks, roles, diagnostic settings.</summary>
    public IEnumerable<Resource> On(Resource target, string type) =>
        Of(type).Where(resource => resource.Id.StartsWith($"{target.Id}/", StringComparison.Ordinal));

    public void Remove(Resource resource) => _resources.Remove(resource.Json);

    public Resource AddCopyOf(Resource resource)
    {
        var copy = resource.Json.DeepClone().AsObject();
        _resources.Add((JsonNode)copy);
        return new Resource(copy);
    }

    public void SetSetting(string setting, string value)
    {
        RemoveSetting(setting);
        App.At("properties.siteConfig.appSettings")!.AsArray().Add((JsonNode)new JsonObject { ["name"] = setting, ["value"] = value });
    }

    public void RemoveSetting(string setting) =>
        App.At("properties.siteConfig.appSettings")!.AsArray().RemoveAll(each => each!["name"]!.GetValue<string>() == setting);

    private Resource Account(string prefix) =>
        Of("Microsoft.Storage/storageAccounts").Single(account => account.Name.StartsWith(prefix, StringComparison.Ordinal));
}

using System.Text.Json.Nodes;

namespace Atomic.Integration.Infrastructure;

/// <summary>One resource of a snapshot. Paths are property names joined by dots.</summary>
internal readonly record struct Resource(JsonObject Json)
{
    public string Type => Json["type"]!.GetValue<string>();

    public string Name => Json["name"]!.GetValue<string>();

    public string Id => Json["id"]!.GetValue<string>();

    public string ApiVersion => Json["apiVersion"]!.GetValue<string>();

    public JsonNode? At(string path) => path.Split('.').Aggregate((JsonNode?)Json, (node, name) => (node as JsonObject)?[name]);

    public string Text(string path) => At(path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    public IEnumerable<JsonNode> List(string path) => (At(path) as JsonArray ?? []).OfType<JsonNode>();

    public void Set(string path, JsonNode? value)
    {
        var names = path.Split('.');
        var owner = names[..^1].Aggregate(Json, (node, name) => node[name] as JsonObject ?? Add(node, name));
        owner[names[^1]] = value;
    }

    public override string ToString() => $"{Type} {Name}";

    private static JsonObject Add(JsonObject node, string name)
    {
        var added = new JsonObject();
        node[name] = added;
        return added;
    }
}

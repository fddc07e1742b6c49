using System.Text.Json.Nodes;

namespace Atomic.Integration.Infrastructure;

/// <summary>What must hold for what Bicep builds, each as a function from a template to what is wrong with it and those inside it.</summary>
internal static class TemplateRules
{
    private static readonly string[] Kept = ["$ref", "properties", "additionalProperties", "items", "prefixItems"];

    public static IEnumerable<string> Undescribed(JsonNode template) =>
        from each in Declared(template)
        where each.Declaration["metadata"]?["description"] is null
        select $"{each.Name} is not described";

    public static IEnumerable<string> Untyped(JsonNode template) =>
        from each in Declared(template)
        where each.Declaration["type"]?.GetValue<string>() is "object" or "array" && !Kept.Any(each.Declaration.ContainsKey)
        select $"{each.Name} may be anything";

    public static IEnumerable<string> Secrets(JsonNode template) =>
        from each in Declared(template)
        where each.Declaration["type"]?.GetValue<string>() is "securestring" or "secureObject"
        select $"{each.Name} is a secret";

    /// <summary>The modules that a module waits for, directly or through others.</summary>
    public static IReadOnlySet<string> Before(JsonNode template, string module)
    {
        var resources = Templates(template).SelectMany(each => each["resources"] as JsonObject ?? []).Where(each => each.Value is JsonObject)
            .GroupBy(each => each.Key).ToDictionary(group => group.Key, group => group.First().Value!.AsObject());
        var before = new HashSet<string>();
        var open = new Queue<string>([module]);
        while (open.TryDequeue(out var next))
        {
            foreach (var name in (resources.GetValueOrDefault(next)?["dependsOn"] as JsonArray ?? []).Select(each => each!.GetValue<string>()).Where(before.Add))
                open.Enqueue(name);
        }

        return before;
    }

    private static IEnumerable<(string Name, JsonObject Declaration)> Declared(JsonNode template) =>
        from each in Templates(template)
        from section in new[] { "parameters", "outputs", "definitions" }
        from declared in each[section] as JsonObject ?? []
        from one in WithProperties(declared.Key, declared.Value!.AsObject())
        select one;

    private static IEnumerable<(string Name, JsonObject Declaration)> WithProperties(string name, JsonObject declaration) =>
        (declaration["properties"] as JsonObject ?? []).SelectMany(property => WithProperties($"{name}.{property.Key}", property.Value!.AsObject()))
            .Prepend((name, declaration));

    private static IEnumerable<JsonObject> Templates(JsonNode? node) => node switch
    {
        JsonObject template when template.ContainsKey("contentVersion") => Inside(template).Prepend(template),
        JsonObject other => Inside(other),
        JsonArray list => list.SelectMany(Templates),
        _ => [],
    };

    private static IEnumerable<JsonObject> Inside(JsonObject node) => node.SelectMany(property => Templates(property.Value));
}

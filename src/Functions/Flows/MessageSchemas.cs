using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using Atomic.EventSourcing;

namespace Atomic.Functions.Flows;

/// <summary>What a message's data look like: their JSON Schema, and an example that follows it.</summary>
internal static class MessageSchemas
{
    private static readonly JsonSchemaExporterOptions Export = new()
    {
        TreatNullObliviousAsNonNullable = true,
        // A type that writes itself says nothing of how; those of the services are ids, and write themselves as text.
        TransformSchemaNode = (context, node) => node is JsonValue or JsonObject { Count: 0 } ? new JsonObject { ["type"] = "string" } : node,
    };

    // A number may be read from text; it is never written so, and a schema says how it is written.
    private static readonly JsonSerializerOptions Written = new(StorageJson.Options) { NumberHandling = JsonNumberHandling.Strict };

    public static JsonNode SchemaOf(Type type) => Written.GetJsonSchemaAsNode(type, Export);

    public static JsonNode? ExampleOf(JsonNode schema) => Example(schema, schema, "value");

    private static JsonNode? Example(JsonNode schema, JsonNode root, string name)
    {
        if (schema["$ref"] is { } reference) return Example(Resolve(root, reference.GetValue<string>()), root, name);
        if (schema["enum"] is JsonArray values) return values.FirstOrDefault(value => value is not null)?.DeepClone();
        return TypeOf(schema) switch
        {
            "object" => new JsonObject(Properties(schema).Select(property => KeyValuePair.Create(property.Key, Example(property.Value!, root, property.Key)))),
            "array" => new JsonArray(Example(schema["items"]!, root, name)),
            "integer" => JsonValue.Create(1),
            "number" => JsonValue.Create(12.5m),
            "boolean" => JsonValue.Create(true),
            _ => JsonValue.Create(name == "currency" ? "EUR" : $"{name}-1"),
        };
    }

    private static JsonObject Properties(JsonNode schema) => schema["properties"]?.AsObject() ?? [];

    private static string? TypeOf(JsonNode schema) => schema["type"] switch
    {
        JsonArray several => several.Select(type => type!.GetValue<string>()).FirstOrDefault(type => type != "null"),
        JsonValue one => one.GetValue<string>(),
        _ => null,
    };

    // A type that occurs in itself is referred to by its path from the root: #/properties/lines/items.
    private static JsonNode Resolve(JsonNode root, string pointer) => pointer.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate(root, (node, part) => node is JsonArray list ? list[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : node[part]!);
}

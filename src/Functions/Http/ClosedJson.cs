using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Atomic.EventSourcing;

namespace Atomic.Functions.Http;

/// <summary>
/// Reads a body into a type whose fields are all it may have. Every unknown, missing or ill-typed field is named, all of them together.
/// </summary>
internal static class ClosedJson
{
    private const int MaxDepth = 16;

    private static readonly JsonSerializerOptions Strict = new(StorageJson.Options)
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        PropertyNameCaseInsensitive = false,
        MaxDepth = MaxDepth,
        // Without one, only a first (de)serialization would bring it, and the types are looked at before.
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <exception cref="ProblemException">400, with what is wrong by field.</exception>
    public static TValue Read<TValue>(ReadOnlyMemory<byte> body, Func<TValue, IEnumerable<(string Field, string Problem)>> problems) =>
        (TValue)Read(body, typeof(TValue), value => problems((TValue)value));

    /// <exception cref="ProblemException">400, with what is wrong by field.</exception>
    public static object Read(ReadOnlyMemory<byte> body, Type type, Func<object, IEnumerable<(string Field, string Problem)>> problems)
    {
        using var document = Parse(body);
        var wrong = Check(document.RootElement, Strict.GetTypeInfo(type), "").ToList();
        if (wrong.Count > 0) throw ProblemException.Invalid(wrong);

        var value = document.RootElement.Deserialize(type, Strict)!;
        wrong.AddRange(problems(value));
        return wrong.Count == 0 ? value : throw ProblemException.Invalid(wrong);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException e)
        {
            throw ProblemException.Invalid("body", $"is not JSON: {e.Message}");
        }
    }

    private static IEnumerable<(string Field, string Problem)> Check(JsonElement element, JsonTypeInfo type, string path) => type.Kind switch
    {
        JsonTypeInfoKind.Object => CheckObject(element, type, path),
        JsonTypeInfoKind.Enumerable => CheckArray(element, type, path),
        _ => CheckValue(element, type, path),
    };

    private static IEnumerable<(string Field, string Problem)> CheckObject(JsonElement element, JsonTypeInfo type, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            yield return (Named(path), "must be an object.");
            yield break;
        }

        foreach (var repeated in element.EnumerateObject().GroupBy(field => field.Name).Where(group => group.Count() > 1))
            yield return (Join(path, repeated.Key), "is there more than once.");
        foreach (var unknown in element.EnumerateObject().Where(field => type.Properties.All(known => !IsInput(known) || known.Name != field.Name)))
            yield return (Join(path, unknown.Name), "is unknown.");
        foreach (var property in type.Properties.Where(IsInput))
        {
            var given = element.TryGetProperty(property.Name, out var value) && value.ValueKind != JsonValueKind.Null;
            if (!given && property.IsRequired) yield return (Join(path, property.Name), "is required.");
            if (!given) continue;
            foreach (var problem in Check(value, Strict.GetTypeInfo(property.PropertyType), Join(path, property.Name))) yield return problem;
        }

        static bool IsInput(JsonPropertyInfo property) => property.AssociatedParameter is not null;
    }

    private static IEnumerable<(string Field, string Problem)> CheckArray(JsonElement element, JsonTypeInfo type, string path) =>
        element.ValueKind == JsonValueKind.Array
            ? element.EnumerateArray().SelectMany((item, i) => Check(item, Strict.GetTypeInfo(type.ElementType!), $"{path}[{i}]"))
            : [(Named(path), "must be a list.")];

    private static IEnumerable<(string Field, string Problem)> CheckValue(JsonElement element, JsonTypeInfo type, string path)
    {
        string? problem = null;
        try
        {
            if (element.Deserialize(type) is null) problem = "is required.";
        }
        catch (JsonException)
        {
            problem = $"must be {Describe(type.Type)}.";
        }
        catch (InvalidOperationException)
        {
            problem = $"must be {Describe(type.Type)}.";
        }

        return problem is null ? [] : [(Named(path), problem)];
    }

    private static string Describe(Type type) => type == typeof(int) ? "a whole number" : type == typeof(decimal) ? "a number" : "text";

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Named(string path) => path.Length == 0 ? "body" : path;
}

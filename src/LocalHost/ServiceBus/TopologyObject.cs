using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;

namespace Atomic.LocalHost.ServiceBus;

/// <summary>One object of the file, read strictly: every error says which file, which entity and which property.</summary>
internal sealed partial class TopologyObject
{
    private readonly string _file;
    private readonly string _entity;
    private readonly string _within;
    private readonly JsonElement _json;

    public TopologyObject(string file, string entity, JsonElement json, string name = "", string within = "")
    {
        (_file, _entity, _json, Name, _within) = (file, entity, json, name, within);
        if (json.ValueKind != JsonValueKind.Object) throw Problem("", "is no object");
    }

    /// <summary>The entity's name; empty where an object has none.</summary>
    public string Name { get; }

    public TopologyException Problem(string property, string problem, Exception? inner = null) =>
        new(_file, _entity, PathOf(property), problem, inner);

    public void Allow(params string[] known)
    {
        foreach (var property in _json.EnumerateObject().Where(property => !known.Contains(property.Name)))
            throw Problem(property.Name, $"is unknown; known are {string.Join(", ", known)}");
    }

    public bool Has(string property) => _json.TryGetProperty(property, out _);

    public string Text(string property) => Value(property, JsonValueKind.String, "string").GetString()!;

    public bool Flag(string property)
    {
        var value = Value(property);
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Problem(property, "is neither true nor false");
    }

    public int Whole(string property, int least, int most) =>
        Value(property, JsonValueKind.Number, "number").TryGetInt32(out var whole) && whole >= least && whole <= most
            ? whole
            : throw Problem(property, string.Create(CultureInfo.InvariantCulture, $"is no whole number from {least} to {most}"));

    public TimeSpan Duration(string property, TimeSpan least, TimeSpan most)
    {
        var text = Text(property);
        if (!TryParse(text, out var duration)) throw Problem(property, $"'{text}' is no ISO 8601 duration (as PT1M, P7D)");
        if (duration >= least && duration <= most) return duration;
        var limit = most == TimeSpan.MaxValue ? $"at least {XmlConvert.ToString(least)}" : $"{XmlConvert.ToString(least)} to {XmlConvert.ToString(most)}";
        throw Problem(property, $"'{text}' must be {limit}");
    }

    public TopologyObject Object(string property) => new(_file, _entity, Value(property, JsonValueKind.Object, "object"), "", PathOf(property));

    public Dictionary<string, string> Texts() => _json.EnumerateObject().ToDictionary(property => property.Name, property => Text(property.Name));

    /// <summary>The entities in a list, each with a name that no other has.</summary>
    public IEnumerable<TopologyObject> Objects(string property, string kind, int longestName)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var json in Value(property, JsonValueKind.Array, "list").EnumerateArray())
        {
            var owner = _entity.Length > 0 ? $" of {_entity}" : "";
            var name = new TopologyObject(_file, $"{kind} number {names.Count + 1}{owner}", json).Text("name");
            var entity = new TopologyObject(_file, $"{kind} '{name}'{owner}", json, name);
            if (!EntityName().IsMatch(name) || name.Length > longestName)
                throw entity.Problem("name", $"must have 1 to {longestName} letters, digits, '.', '-' or '_', with a letter or digit at both ends");
            if (!names.Add(name)) throw entity.Problem("name", "is taken already");
            yield return entity;
        }
    }

    private string PathOf(string property) => property.Length == 0 ? _within : _within.Length == 0 ? property : $"{_within}.{property}";

    private JsonElement Value(string property) => _json.TryGetProperty(property, out var value) ? value : throw Problem(property, "is missing");

    private JsonElement Value(string property, JsonValueKind kind, string what)
    {
        var value = Value(property);
        return value.ValueKind == kind ? value : throw Problem(property, $"is no {what}");
    }

    private static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        try
        {
            duration = XmlConvert.ToTimeSpan(text);
            return true;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\z")]
    private static partial Regex EntityName();
}

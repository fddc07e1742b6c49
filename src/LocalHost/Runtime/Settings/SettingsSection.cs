using System.Globalization;
using System.Text.Json;

namespace Atomic.LocalHost.Runtime.Settings;

/// <summary>
/// One object of a settings file, read strictly: a value is asked for by name, type and range, and whatever was not asked for by the time of
/// <see cref="Close"/> is refused by its path. What is wrong is gathered, so that all of it can be told at once.
/// </summary>
internal sealed class SettingsSection(string file, string path, JsonElement? element, ICollection<string> problems)
{
    private const string ByTheEmbeddedHost = "is not honoured by the embedded host";

    private readonly Dictionary<string, SettingsSection> _sections = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _read = new(StringComparer.OrdinalIgnoreCase);

    public static SettingsSection Parse(string file, string text, ICollection<string> problems)
    {
        try
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            var root = JsonDocument.Parse(text, options).RootElement;
            if (root.ValueKind == JsonValueKind.Object) return new SettingsSection(file, "", root, problems);
            problems.Add($"{file} must hold an object.");
        }
        catch (JsonException e)
        {
            problems.Add($"{file} is not JSON: {e.Message}");
        }

        return new SettingsSection(file, "", null, problems);
    }

    /// <summary>An object within this one; empty when it is not there.</summary>
    public SettingsSection Section(string name)
    {
        if (_sections.TryGetValue(name, out var known)) return known;
        var found = Take(name);
        if (found is { ValueKind: not JsonValueKind.Object }) Refuse(name, "must be an object.");
        return _sections[name] = new SettingsSection(file, PathOf(name), found is { ValueKind: JsonValueKind.Object } ? found : null, problems);
    }

    public string? Text(string name) => Take(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => Refuse<string?>(name, "must be text.", null),
    };

    public bool Flag(string name, bool otherwise) => Take(name) switch
    {
        null => otherwise,
        { ValueKind: JsonValueKind.True or JsonValueKind.False } flag => flag.GetBoolean(),
        { ValueKind: JsonValueKind.String } text when bool.TryParse(text.GetString(), out var flag) => flag,
        _ => Refuse(name, "must be true or false.", otherwise),
    };

    public int Number(string name, int otherwise, int least, int most = int.MaxValue) => Take(name) switch
    {
        null => otherwise,
        { } given when int.TryParse(given.ToString(), CultureInfo.InvariantCulture, out var number) && number >= least && number <= most => number,
        _ => Refuse(name, most == int.MaxValue ? $"must be a whole number of at least {least}." : $"must be a whole number from {least} to {most}.", otherwise),
    };

    public TimeSpan Time(string name, TimeSpan otherwise, TimeSpan least, TimeSpan most) => Text(name) switch
    {
        null => otherwise,
        { } text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= least && time <= most => time,
        _ => Refuse(name, $"must be a time from {least} to {most}, as in \"00:05:00\".", otherwise),
    };

    public TChoice Choice<TChoice>(string name, TChoice otherwise) where TChoice : struct, Enum => Text(name) switch
    {
        null => otherwise,
        { } text when Enum.TryParse<TChoice>(text, ignoreCase: true, out var choice) && Enum.IsDefined(choice) => choice,
        _ => Refuse(name, $"must be one of {string.Join(", ", Enum.GetNames<TChoice>().Select(JsonNamingPolicy.CamelCase.ConvertName))}.", otherwise),
    };

    /// <summary>An object whose names are the user's own.</summary>
    public IReadOnlyDictionary<string, string> Texts(string name)
    {
        var texts = Section(name);
        return texts.Names().ToDictionary(each => each, each => texts.Text(each) ?? "", StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<string> List(string name)
    {
        var found = Take(name);
        if (found is null) return [];
        if (found is { ValueKind: JsonValueKind.Array } list && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String))
            return [.. list.EnumerateArray().Select(item => item.GetString()!)];
        return Refuse<IReadOnlyList<string>>(name, "must be a list of texts.", []);
    }

    /// <summary>A setting whose only value is the one by which the embedded host behaves anyway.</summary>
    public void Only(string name, string honoured)
    {
        if (Take(name) is { } given && !string.Equals(given.ToString(), honoured, StringComparison.OrdinalIgnoreCase))
            Refuse(name, $"is honoured by the embedded host with the value {honoured} only, and is {given.GetRawText()}.");
    }

    /// <summary>Refuses what nothing asked for, here and in every section within.</summary>
    public void Close()
    {
        foreach (var unknown in Names().Where(name => !_read.Contains(name)))
            problems.Add($"{file}: {PathOf(unknown)} {ByTheEmbeddedHost}; remove it.");
        foreach (var repeated in Names().GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
            problems.Add($"{file}: {PathOf(repeated.Key)} is there more than once.");
        foreach (var section in _sections.Values) section.Close();
    }

    public void Refuse(string name, string problem) => problems.Add($"{file}: {PathOf(name)} {problem}");

    private TValue Refuse<TValue>(string name, string problem, TValue otherwise)
    {
        Refuse(name, problem);
        return otherwise;
    }

    // Configuration ignores case, and so does Azure in these files.
    private JsonElement? Take(string name)
    {
        _read.Add(name);
        var found = element?.EnumerateObject().FirstOrDefault(property => string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase)).Value;
        return found is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } ? found : null;
    }

    private IEnumerable<string> Names() => element?.EnumerateObject().Select(property => property.Name) ?? [];

    private string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";
}

using System.Text.Json.Nodes;

namespace Atomic.Integration.Infrastructure.Rules;

/// <summary>
/// Something that must hold for what is deployed, the way to tell that it does not, and a change to a snapshot after which it does not.
/// </summary>
/// <param name="Says">What must hold.</param>
/// <param name="Offences">What is wrong with a snapshot; nothing when the rule holds.</param>
/// <param name="Break">Changes a snapshot so that the rule must find something.</param>
internal sealed record Rule(string Says, Func<Snapshot, IEnumerable<string>> Offences, Action<Snapshot> Break)
{
    /// <summary>Which snapshots it is about.</summary>
    public Func<Snapshot, bool> AppliesTo { get; init; } = _ => true;

    /// <summary>Every resource of a type, of which there must be one, has a value at a path.</summary>
    public static Rule Each(string says, string type, string path, JsonNode expected, JsonNode broken) => new(
        says,
        snapshot => Each(snapshot.Of(type), type, resource => JsonNode.DeepEquals(resource.At(path), expected), resource => $"{resource} has {path} = {resource.At(path)}"),
        snapshot => snapshot.Of(type).Last().Set(path, broken.DeepClone()));

    /// <summary>Every resource of a type, of which there must be one, is as it should be.</summary>
    public static Rule Each(string says, string type, Func<Resource, bool> holds, Action<Resource> broken) => new(
        says,
        snapshot => Each(snapshot.Of(type), type, holds, resource => $"{resource} is otherwise"),
        snapshot => broken(snapshot.Of(type).Last()));

    /// <summary>An app setting has a value.</summary>
    public static Rule Setting(string says, string setting, Func<Snapshot, string, bool> holds, string broken) => new(
        says,
        snapshot => snapshot.Settings.TryGetValue(setting, out var value) && holds(snapshot, value) ? [] : [$"{setting} is {value ?? "missing"}"],
        snapshot => snapshot.SetSetting(setting, broken));

    private static IEnumerable<string> Each(IEnumerable<Resource> resources, string type, Func<Resource, bool> holds, Func<Resource, string> offence)
    {
        var all = resources.ToList();
        return all.Count == 0 ? [$"There is no {type}"] : all.Where(resource => !holds(resource)).Select(offence);
    }
}

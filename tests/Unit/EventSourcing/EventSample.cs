using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Atomic.EventSourcing;
using Atomic.Functions.Streams;
using Atomic.Services;
using Atomic.Testing;

namespace Atomic.Unit.EventSourcing;

/// <summary>
/// A kept sample of an event: its data as they were written once, and the event that they must read to for ever, where that is written
/// otherwise today.
/// </summary>
internal sealed record EventSample(string Category, string Name, JsonElement Data, JsonElement? Reads)
{
    private const string Folder = "tests/Unit/EventSamples";

    public static IReadOnlyList<EventSample> All() =>
        [.. Repository.Files(Folder, "*.json").Select(path =>
        {
            var sample = JsonDocument.Parse(Repository.Read(path)).RootElement;
            var parts = path[(Folder.Length + 1)..^".json".Length].Split('/');
            return new EventSample(parts[0], parts[1], sample.GetProperty("data"), sample.TryGetProperty("reads", out var reads) ? reads : null);
        })];

    /// <summary>Every aggregate that the services and the app declare: its category, and its events.</summary>
    public static IReadOnlyDictionary<string, EventTypes> Aggregates() =>
        new[] { typeof(OrderId).Assembly, typeof(AggregateCatalog).Assembly }.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IAggregate<>)))
            .ToDictionary(type => Static<string>(type, "Category"), type => Static<EventTypes>(type, "Events"));

    /// <summary>What is wrong with the samples, when <paramref name="aggregates"/> are all there are.</summary>
    public static IEnumerable<string> Problems(IReadOnlyDictionary<string, EventTypes> aggregates, IReadOnlyList<EventSample> samples)
    {
        var kept = samples.Select(sample => $"{sample.Category}/{sample.Name}").ToHashSet();
        var known = aggregates.SelectMany(aggregate => aggregate.Value.Names.Select(name => $"{aggregate.Key}/{name}")).ToHashSet();
        return
        [
            .. known.Except(kept).Order().Select(name => $"{name} has no sample"),
            .. kept.Except(known).Order().Select(name => $"{name} has a sample and can be read no more"),
            .. samples.Where(sample => known.Contains($"{sample.Category}/{sample.Name}"))
                .Select(sample => sample.Problem(aggregates[sample.Category])).OfType<string>(),
        ];
    }

    private string? Problem(EventTypes types)
    {
        var e = types.Read(Name, Data);
        var read = JsonSerializer.SerializeToNode(e, e.GetType(), StorageJson.Options);
        var expected = JsonNode.Parse((Reads ?? Data).GetRawText());
        return JsonNode.DeepEquals(read, expected) ? null : $"{Category}/{Name} reads to {read!.ToJsonString()}, not to {expected!.ToJsonString()}";
    }

    private static T Static<T>(Type type, string property) => (T)type.GetProperty(property, BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
}

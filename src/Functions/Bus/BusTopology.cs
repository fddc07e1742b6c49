using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Atomic.EventSourcing;

namespace Atomic.Functions.Bus;

/// <summary>What is in <c>infra/service-bus.json</c>: the one list of queues, topics and subscriptions.</summary>
public sealed partial record BusTopology(IReadOnlyList<QueueDeclaration> Queues, IReadOnlyList<TopicDeclaration> Topics)
{
    private FrozenDictionary<string, int>? _readers;

    public static BusTopology Declared { get; } = Read();

    /// <summary>Every entity that messages are received from, and so can be dead-lettered in.</summary>
    public IEnumerable<BusEntity> Entities =>
        Queues.Select(queue => new BusEntity(queue.Name, null))
            .Concat(Topics.SelectMany(topic => topic.Subscriptions.Select(subscription => new BusEntity(topic.Name, subscription.Name))));

    /// <summary>
    /// Of each context, how many subscriptions take all of its events. One that takes some of them, for a purpose, is not counted.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, int> Readers => _readers ??= ReadersByContext();

    private static BusTopology Read()
    {
        using var json = Assembly.GetExecutingAssembly().GetManifestResourceStream("service-bus.json")
            ?? throw new InvalidOperationException("service-bus.json is not in the assembly.");
        return JsonSerializer.Deserialize<BusTopology>(json, StorageJson.Options)!;
    }

    private FrozenDictionary<string, int> ReadersByContext() => Topics
        .SelectMany(topic => topic.Subscriptions)
        .Select(subscription => OfContext().Match(subscription.Filter?.Sql ?? ""))
        .Where(match => match.Success)
        .CountBy(match => match.Groups["context"].Value)
        .ToFrozenDictionary();

    [GeneratedRegex(@"^context = '(?<context>\w+)'$")]
    private static partial Regex OfContext();
}

public sealed record QueueDeclaration(string Name);

public sealed record TopicDeclaration(string Name, IReadOnlyList<SubscriptionDeclaration> Subscriptions);

public sealed record SubscriptionDeclaration(string Name, FilterDeclaration? Filter);

/// <summary>Which messages a subscription takes: by an SQL expression, or by properties that must be equal.</summary>
public sealed record FilterDeclaration(string? Sql, JsonElement? Correlation);

/// <summary>A queue, or a topic's subscription.</summary>
/// <param name="Subscription">Null for a queue.</param>
public sealed record BusEntity(string Name, string? Subscription)
{
    /// <summary>As it is written in ids and answers: <c>inventory-commands</c>, <c>events:stock-levels</c>.</summary>
    public override string ToString() => Subscription is null ? Name : $"{Name}:{Subscription}";
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Atomic.Testing;

namespace Atomic.Integration.Infrastructure;

/// <summary>What a subscription takes.</summary>
internal sealed record Filter(string Sql);

/// <summary>A queue of commands.</summary>
internal sealed record Queue(
    string Name, string LockDuration, int MaxDeliveryCount, string TimeToLive, bool DeadLetteringOnMessageExpiration, string DuplicateDetection, bool RequiresSession);

/// <summary>One reader of a topic.</summary>
internal sealed record Subscription(
    string Name, Filter Filter, string LockDuration, int MaxDeliveryCount, string TimeToLive, bool DeadLetteringOnMessageExpiration, bool RequiresSession);

/// <summary>A topic and its readers.</summary>
internal sealed record Topic(string Name, string TimeToLive, IReadOnlyList<Subscription> Subscriptions);

/// <summary><c>infra/service-bus.json</c>. A property that is missing or unknown is an error.</summary>
internal sealed record Topology(IReadOnlyList<Queue> Queues, IReadOnlyList<Topic> Topics)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static Topology Current { get; } = Parse(Repository.Read("infra/service-bus.json"));

    /// <summary>Paths as Service Bus has them: <c>queue</c>, <c>topic</c>, <c>topic/subscription</c>.</summary>
    public IEnumerable<string> Entities => Queues.Select(queue => queue.Name).Concat(Topics.SelectMany(
        topic => topic.Subscriptions.Select(subscription => $"{topic.Name}/{subscription.Name}").Prepend(topic.Name)));

    public static Topology Parse(string json) => JsonSerializer.Deserialize<Topology>(json, Strict)!;
}

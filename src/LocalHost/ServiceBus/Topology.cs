using Atomic.LocalHost.ServiceBus.Filters;

namespace Atomic.LocalHost.ServiceBus;

/// <summary>The queues, topics and subscriptions there are: what <c>infra/service-bus.json</c> lists, and nothing else.</summary>
public sealed record Topology(IReadOnlyList<QueueSettings> Queues, IReadOnlyList<TopicSettings> Topics)
{
    /// <summary>Reads the file strictly: what is unknown, missing, out of range or listed twice is an error, never ignored.</summary>
    /// <exception cref="TopologyException">Names the file, the entity and the property that is wrong.</exception>
    public static Topology Read(string path) => TopologyReader.Read(path);

    public QueueSettings? FindQueue(string name) => Queues.FirstOrDefault(queue => IsNamed(queue.Name, name));

    public TopicSettings? FindTopic(string name) => Topics.FirstOrDefault(topic => IsNamed(topic.Name, name));

    public SubscriptionSettings? FindSubscription(string topic, string name) =>
        FindTopic(topic)?.Subscriptions.FirstOrDefault(subscription => IsNamed(subscription.Name, name));

    // As in Azure, case does not tell entities apart.
    private static bool IsNamed(string entity, string name) => string.Equals(entity, name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>How messages are delivered from a queue or a subscription.</summary>
/// <param name="LockDuration">How long a received message, or an accepted session, is locked unless it is renewed.</param>
/// <param name="MaxDeliveryCount">How many deliveries may end without settlement before the message is dead-lettered.</param>
/// <param name="TimeToLive">How long a message lives, unless it asks for less.</param>
/// <param name="DeadLetteringOnMessageExpiration">An expired message is dead-lettered, and not dropped.</param>
/// <param name="RequiresSession">Messages are received by session only, in order.</param>
public abstract record DeliverySettings(
    string Name, TimeSpan LockDuration, int MaxDeliveryCount, TimeSpan TimeToLive, bool DeadLetteringOnMessageExpiration, bool RequiresSession);

/// <param name="DuplicateDetection">How long a message id is remembered to drop repetitions; null: it is not.</param>
public sealed record QueueSettings(
    string Name,
    TimeSpan LockDuration,
    int MaxDeliveryCount,
    TimeSpan TimeToLive,
    bool DeadLetteringOnMessageExpiration,
    bool RequiresSession,
    TimeSpan? DuplicateDetection)
    : DeliverySettings(Name, LockDuration, MaxDeliveryCount, TimeToLive, DeadLetteringOnMessageExpiration, RequiresSession);

/// <param name="Filter">Which of the topic's messages the subscription gets a copy of.</param>
public sealed record SubscriptionSettings(
    string Name,
    TimeSpan LockDuration,
    int MaxDeliveryCount,
    TimeSpan TimeToLive,
    bool DeadLetteringOnMessageExpiration,
    bool RequiresSession,
    MessageFilter Filter)
    : DeliverySettings(Name, LockDuration, MaxDeliveryCount, TimeToLive, DeadLetteringOnMessageExpiration, RequiresSession);

/// <param name="DuplicateDetection">How long a message id is remembered to drop repetitions; null: it is not.</param>
public sealed record TopicSettings(
    string Name, TimeSpan TimeToLive, TimeSpan? DuplicateDetection, IReadOnlyList<SubscriptionSettings> Subscriptions);

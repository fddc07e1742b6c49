using System.Text.Json;
using Atomic.LocalHost.ServiceBus.Filters;

namespace Atomic.LocalHost.ServiceBus;

/// <summary>The file's shape, with the ranges that Azure accepts.</summary>
internal static class TopologyReader
{
    private const int LongestName = 260;
    private const int LongestSubscriptionName = 50;
    private const int MostDeliveries = 2000;

    private static readonly TimeSpan ShortestLock = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(7);

    public static Topology Read(string path)
    {
        try
        {
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false };
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), options);
            return Read(new TopologyObject(path, "", document.RootElement));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new TopologyException(path, "", "", e.Message, e);
        }
    }

    private static Topology Read(TopologyObject root)
    {
        root.Allow("queues", "topics");
        var queues = root.Objects("queues", "queue", LongestName).Select(ReadQueue).ToList();
        var topics = root.Objects("topics", "topic", LongestName).Select(ReadTopic).ToList();
        if (queues.FirstOrDefault(queue => topics.Any(topic => string.Equals(topic.Name, queue.Name, StringComparison.OrdinalIgnoreCase))) is { } shared)
            throw root.Problem("topics", $"'{shared.Name}' is a queue already");
        return new Topology(queues, topics);
    }

    private static QueueSettings ReadQueue(TopologyObject queue)
    {
        queue.Allow(
            "name", "lockDuration", "maxDeliveryCount", "timeToLive", "deadLetteringOnMessageExpiration", "requiresSession", "duplicateDetection");
        return new QueueSettings(
            queue.Name,
            queue.Duration("lockDuration", ShortestLock, LongestLock),
            queue.Whole("maxDeliveryCount", 1, MostDeliveries),
            queue.Duration("timeToLive", ShortestLife, TimeSpan.MaxValue),
            queue.Flag("deadLetteringOnMessageExpiration"),
            queue.Flag("requiresSession"),
            queue.Has("duplicateDetection") ? queue.Duration("duplicateDetection", ShortestWindow, LongestWindow) : null);
    }

    private static TopicSettings ReadTopic(TopologyObject topic)
    {
        topic.Allow("name", "timeToLive", "duplicateDetection", "subscriptions");
        return new TopicSettings(
            topic.Name,
            topic.Duration("timeToLive", ShortestLife, TimeSpan.MaxValue),
            topic.Has("duplicateDetection") ? topic.Duration("duplicateDetection", ShortestWindow, LongestWindow) : null,
            [.. topic.Objects("subscriptions", "subscription", LongestSubscriptionName).Select(ReadSubscription)]);
    }

    private static SubscriptionSettings ReadSubscription(TopologyObject subscription)
    {
        subscription.Allow(
            "name", "filter", "lockDuration", "maxDeliveryCount", "timeToLive", "deadLetteringOnMessageExpiration", "requiresSession");
        return new SubscriptionSettings(
            subscription.Name,
            subscription.Duration("lockDuration", ShortestLock, LongestLock),
            subscription.Whole("maxDeliveryCount", 1, MostDeliveries),
            subscription.Duration("timeToLive", ShortestLife, TimeSpan.MaxValue),
            subscription.Flag("deadLetteringOnMessageExpiration"),
            subscription.Flag("requiresSession"),
            subscription.Has("filter") ? ReadFilter(subscription.Object("filter")) : MessageFilter.All);
    }

    private static MessageFilter ReadFilter(TopologyObject filter)
    {
        filter.Allow("sql", "correlation");
        if (filter.Has("sql") == filter.Has("correlation")) throw filter.Problem("", "give either 'sql' or 'correlation'");
        return filter.Has("sql") ? ReadSql(filter) : ReadCorrelation(filter.Object("correlation"));
    }

    private static SqlFilter ReadSql(TopologyObject filter)
    {
        try
        {
            return SqlFilter.Parse(filter.Text("sql"));
        }
        catch (FilterSyntaxException e)
        {
            throw filter.Problem("sql", e.Message, e);
        }
    }

    private static CorrelationFilter ReadCorrelation(TopologyObject correlation)
    {
        correlation.Allow([.. CorrelationFilter.SystemProperties, "properties"]);
        var system = CorrelationFilter.SystemProperties.Where(correlation.Has).ToDictionary(name => name, correlation.Text);
        var user = correlation.Has("properties") ? correlation.Object("properties").Texts() : new Dictionary<string, string>();
        return system.Count + user.Count > 0
            ? new CorrelationFilter(system, user)
            : throw correlation.Problem("", "names no property to match");
    }
}

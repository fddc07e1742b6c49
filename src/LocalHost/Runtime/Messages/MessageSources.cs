using Atomic.LocalHost.ServiceBus;

namespace Atomic.LocalHost.Runtime.Messages;

/// <summary>Where messages can come from.</summary>
public static class MessageSources
{
    /// <summary>By the path of each queue and subscription, whether its messages belong to sessions.</summary>
    public static IReadOnlyDictionary<string, bool> Of(Topology topology)
    {
        var sources = topology.Queues.ToDictionary(queue => queue.Name, queue => queue.RequiresSession, StringComparer.OrdinalIgnoreCase);
        foreach (var topic in topology.Topics)
        {
            foreach (var subscription in topic.Subscriptions)
                sources.Add(new MessageSource(topic.Name, subscription.Name).Path, subscription.RequiresSession);
        }

        // Dead letters are read plainly, whether or not they came by a session.
        foreach (var path in sources.Keys.ToList()) sources.Add($"{path}/$DeadLetterQueue", false);
        return sources;
    }
}

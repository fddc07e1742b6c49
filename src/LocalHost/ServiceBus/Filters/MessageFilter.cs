using Atomic.LocalHost.ServiceBus.Entities;
using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Filters;

/// <summary>Decides which of a topic's messages a subscription gets.</summary>
public abstract class MessageFilter
{
    private protected MessageFilter()
    {
    }

    /// <summary>Every message.</summary>
    public static MessageFilter All { get; } = new AllMessages();

    /// <exception cref="FilterException">The message has a property of a type that the filter cannot work with.</exception>
    public bool Matches(ServiceBusMessage message) => Matches(Content.From(message));

    internal abstract bool Matches(Content message);

    private sealed class AllMessages : MessageFilter
    {
        internal override bool Matches(Content message) => true;
    }
}

/// <summary>A filter met a message that it cannot judge. The message goes to the dead letters of the subscription, with this as its reason.</summary>
public sealed class FilterException(string problem) : Exception(problem);

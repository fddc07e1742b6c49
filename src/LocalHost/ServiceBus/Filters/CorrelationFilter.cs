using Atomic.LocalHost.ServiceBus.Entities;

namespace Atomic.LocalHost.ServiceBus.Filters;

/// <summary>Matches messages that have each of the given values. Values are compared as they are, case included.</summary>
/// <param name="system">By names out of <see cref="SystemProperties"/>.</param>
/// <param name="user">By names of application properties, whose case does not matter.</param>
public sealed class CorrelationFilter(IReadOnlyDictionary<string, string> system, IReadOnlyDictionary<string, string> user) : MessageFilter
{
    /// <summary>The names of a correlation filter in an Azure resource template.</summary>
    internal static readonly string[] SystemProperties =
        ["contentType", "correlationId", "label", "messageId", "replyTo", "replyToSessionId", "sessionId", "to"];

    private readonly (Func<Content, object?> Read, string Value)[] _expected =
    [
        .. system.Select(pair => (MessageProperties.FindSystem(pair.Key)!, pair.Value)),
        .. user.Select(pair => ((Func<Content, object?>)(message => MessageProperties.User(message, pair.Key)), pair.Value)),
    ];

    internal override bool Matches(Content message)
    {
        foreach (var (read, value) in _expected)
        {
            if (!Equals(read(message), value)) return false;
        }

        return true;
    }
}

using Atomic.LocalHost.ServiceBus.Entities;

namespace Atomic.LocalHost.ServiceBus.Filters;

/// <summary>What a filter can ask a message for. Names are known in any case.</summary>
internal static class MessageProperties
{
    private static readonly Dictionary<string, Func<Content, string?>> System = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ContentType"] = message => message.ContentType,
        ["CorrelationId"] = message => message.CorrelationId,
        ["Label"] = message => message.Subject,
        ["MessageId"] = message => message.MessageId,
        ["PartitionKey"] = message => message.PartitionKey,
        ["ReplyTo"] = message => message.ReplyTo,
        ["ReplyToSessionId"] = message => message.ReplyToSessionId,
        ["SessionId"] = message => message.SessionId,
        ["To"] = message => message.To,
    };

    public static string SystemNames => string.Join(", ", System.Keys);

    public static Func<Content, string?>? FindSystem(string name) => System.GetValueOrDefault(name);

    public static object? User(Content message, string name)
    {
        if (message.Properties.TryGetValue(name, out var exact)) return exact;
        foreach (var (key, value) in message.Properties)
        {
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase)) return value;
        }

        return null;
    }
}

using System.Collections.Concurrent;

namespace Atomic.Functions.Bus;

/// <summary>What this process has seen of the flow of messages since it started.</summary>
public sealed class FlowCounts(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string From, string To, string Message), long> _seen = new();

    public DateTimeOffset Since { get; } = time.GetUtcNow();

    /// <summary>A command was sent to the service of <paramref name="context"/>.</summary>
    public void Sent(string context, string command) => Count("", context, command);

    /// <summary>An event of <paramref name="context"/> went out to the topic.</summary>
    public void Published(string context, string type) => Count(context, "", type);

    /// <summary>An event reached a consumer.</summary>
    public void Heard(string consumer, string type) => Count("", consumer, type);

    public long OfCommand(string context, string command) => _seen.GetValueOrDefault(("", context, command));

    public long OfPublished(string context, string type) => _seen.GetValueOrDefault((context, "", type));

    public long OfHeard(string consumer, string type) => _seen.GetValueOrDefault(("", consumer, type));

    private void Count(string from, string to, string message) => _seen.AddOrUpdate((from, to, message), 1, (_, count) => count + 1);
}

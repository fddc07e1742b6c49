namespace Atomic.LocalHost.ServiceBus;

/// <summary>The list of queues, topics and subscriptions cannot be used as it is. Nothing was started.</summary>
public sealed class TopologyException(string file, string entity, string property, string problem, Exception? inner = null)
    : Exception(string.Join(": ", new[] { file, entity, property, problem }.Where(part => part.Length > 0)), inner)
{
    public string File { get; } = file;

    /// <summary>The entity as a person would call it (<c>queue 'orders'</c>); empty when it is the file as a whole.</summary>
    public string Entity { get; } = entity;

    /// <summary>The property as the file names it; empty when it is the entity as a whole.</summary>
    public string Property { get; } = property;
}

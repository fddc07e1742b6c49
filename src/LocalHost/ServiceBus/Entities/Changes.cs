namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>What has changed since the last commit. A message that comes and goes in between costs no write at all.</summary>
internal sealed class Changes
{
    public HashSet<Message> Messages { get; } = [];

    public HashSet<EntityRecord> Entities { get; } = [];

    public Dictionary<(int Entity, string Session), byte[]?> SessionStates { get; } = [];

    public Dictionary<(int Entity, string MessageId), DateTimeOffset?> SeenIds { get; } = [];

    public bool IsEmpty => Messages.Count == 0 && Entities.Count == 0 && SessionStates.Count == 0 && SeenIds.Count == 0;

    public long NextSequence(EntityRecord entity)
    {
        Entities.Add(entity);
        return ++entity.LastSequence;
    }

    public void Clear()
    {
        Messages.Clear();
        Entities.Clear();
        SessionStates.Clear();
        SeenIds.Clear();
    }
}

namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>The message ids that an entity has seen within a time. They outlive their messages, and a restart.</summary>
internal sealed class DuplicateWindow(TimeSpan length, EntityRecord entity, Ledger ledger)
{
    private readonly HashSet<string> _ids = [];
    private readonly Queue<(string Id, DateTimeOffset At)> _byAge = [];

    /// <summary>Ids must come in the order in which they were seen.</summary>
    public void Load(string id, DateTimeOffset at)
    {
        if (_ids.Add(id)) _byAge.Enqueue((id, at));
    }

    /// <summary>True when the id was seen; otherwise it is now.</summary>
    public bool IsRepetition(string id)
    {
        while (_byAge.TryPeek(out var oldest) && oldest.At + length <= ledger.Now)
        {
            _byAge.Dequeue();
            _ids.Remove(oldest.Id);
            ledger.Changes.SeenIds[(entity.Id, oldest.Id)] = null;
        }

        if (!_ids.Add(id)) return true;
        _byAge.Enqueue((id, ledger.Now));
        ledger.Changes.SeenIds[(entity.Id, id)] = ledger.Now;
        return false;
    }
}

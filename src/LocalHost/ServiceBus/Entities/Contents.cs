using Atomic.LocalHost.ServiceBus.Storage;

namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>Fills the entities with what the file holds.</summary>
internal sealed class Contents(
    EntityRecords records, IReadOnlyDictionary<string, Destination> destinations, IReadOnlyDictionary<string, Mailbox> mailboxes, Ledger ledger)
{
    private readonly IReadOnlyDictionary<int, EntityRecord> _entities = records.ById;

    /// <summary>The paths that nothing listed stands for, with the number of their messages.</summary>
    public IReadOnlyDictionary<string, int> Fill(BrokerFile file)
    {
        foreach (var (entity, id, at) in file.LoadSeen()) destinations.GetValueOrDefault(_entities[entity].Path)?.Duplicates?.Load(id, at);
        foreach (var (entity, id, state) in file.LoadSessions()) mailboxes.GetValueOrDefault(_entities[entity].Path)?.LoadState(id, state);
        var unlisted = new Dictionary<string, int>();
        foreach (var message in file.LoadMessages(_entities))
        {
            ledger.SkipRow(message.Row);
            if (!TryPlace(message)) unlisted[message.Entity.Path] = unlisted.GetValueOrDefault(message.Entity.Path) + 1;
        }

        return unlisted;
    }

    private bool TryPlace(Message message)
    {
        var path = message.Entity.Path;
        if (message.Due is not null)
        {
            if (!destinations.TryGetValue(path, out var destination)) return false;
            destination.Schedule.Load(message);
            return true;
        }

        if (!mailboxes.TryGetValue(message.IsDead ? EntityPath.OfDeadLetters(path) : path, out var mailbox)) return false;
        mailbox.Load(message);
        return true;
    }
}

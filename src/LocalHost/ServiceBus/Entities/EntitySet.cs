using Atomic.LocalHost.ServiceBus.Storage;

namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>All queues, topics and subscriptions with what is in them, and how time passes for them.</summary>
internal sealed class EntitySet
{
    private readonly Dictionary<string, Destination> _destinations = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Mailbox> _mailboxes = new(StringComparer.OrdinalIgnoreCase);
    private readonly Ledger _ledger = new();

    /// <summary>Builds what the topology lists, and fills it with what the file holds.</summary>
    public EntitySet(Topology topology, BrokerFile file, DateTimeOffset now)
    {
        _ledger.Agenda.AdvanceTo(now);
        var records = new EntityRecords(file.LoadEntities(), _ledger.Changes);
        foreach (var queue in topology.Queues) AddQueue(queue, records);
        foreach (var topic in topology.Topics) AddTopic(topic, records);
        Unlisted = new Contents(records, _destinations, _mailboxes, _ledger).Fill(file);
        Serve();
    }

    /// <summary>Entities that the file knows and the topology does not, with the number of their messages. They are left as they are.</summary>
    public IReadOnlyDictionary<string, int> Unlisted { get; }

    public Changes Changes => _ledger.Changes;

    public WaitingRoom Waiting => _ledger.Waiting;

    public DateTimeOffset Now => _ledger.Now;

    /// <summary>When something happens without being asked for.</summary>
    public DateTimeOffset Next => _ledger.Agenda.Next;

    public Destination Destination(string name) =>
        _destinations.TryGetValue(name, out var destination) ? destination : throw Failures.EntityNotFound(name);

    public Mailbox Mailbox(string path) => _mailboxes.TryGetValue(path, out var mailbox) ? mailbox : throw Failures.EntityNotFound(path);

    /// <summary>Lets time pass, step by step: what is due earlier happens earlier, however late the broker looks.</summary>
    public void AdvanceTo(DateTimeOffset now)
    {
        while (_ledger.Agenda.Next <= now)
        {
            _ledger.Agenda.AdvanceTo(_ledger.Agenda.Next);
            foreach (var destination in _destinations.Values) destination.Tick();
            foreach (var mailbox in _mailboxes.Values) mailbox.Tick();
            Serve();
            Waiting.TimeOut(_ledger.Now);
            _ledger.Agenda.Wake(Waiting.Next);
        }

        _ledger.Agenda.AdvanceTo(now);
    }

    /// <summary>Answers those who wait, as far as there is something for them.</summary>
    public void Serve()
    {
        while (_ledger.Stirred.Count > 0)
        {
            var stirred = _ledger.Stirred.ToList();
            _ledger.Stirred.Clear();
            foreach (var mailbox in stirred) mailbox.Serve();
        }
    }

    private void AddQueue(QueueSettings settings, EntityRecords records)
    {
        var entity = records.Of(settings.Name);
        var schedule = new Schedule(entity, _ledger);
        _destinations.Add(settings.Name, new Queue(settings, entity, AddMailbox(entity, settings, schedule), schedule, _ledger));
    }

    private void AddTopic(TopicSettings settings, EntityRecords records)
    {
        var entity = records.Of(settings.Name);
        var subscriptions = settings.Subscriptions
            .Select(subscription => (subscription, AddMailbox(records.Of(EntityPath.OfSubscription(settings.Name, subscription.Name)), subscription, null)));
        _destinations.Add(settings.Name, new Topic(settings, entity, [.. subscriptions], _ledger));
    }

    private Mailbox AddMailbox(EntityRecord entity, DeliverySettings settings, Schedule? schedule)
    {
        var (main, deadLetters) = Entities.Mailbox.Pair(entity, settings, _ledger, schedule);
        _mailboxes.Add(main.Path, main);
        _mailboxes.Add(deadLetters.Path, deadLetters);
        return main;
    }
}

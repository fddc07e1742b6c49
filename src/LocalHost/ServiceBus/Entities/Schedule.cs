namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>Messages that are to be enqueued later. Their sequence numbers are good for cancelling only: enqueued, a message gets a new one.</summary>
internal sealed class Schedule(EntityRecord entity, Ledger ledger)
{
    private readonly Dictionary<long, Message> _bySequence = [];
    private readonly SortedSet<Message> _byDue = new(Comparer<Message>.Create(Message.ByDue));

    public IEnumerable<Message> Messages => _bySequence.Values;

    public DateTimeOffset Next => _byDue.Min?.Due ?? DateTimeOffset.MaxValue;

    public void Add(Content content, long sequence, TimeSpan timeToLive)
    {
        var message = new Message(ledger.NextRow())
        {
            Entity = entity,
            Content = content,
            Sequence = sequence,
            EnqueuedSequence = sequence,
            Enqueued = ledger.Now,
            TimeToLive = timeToLive,
            Due = content.ScheduledEnqueueTime,
        };
        ledger.Changes.Messages.Add(message);
        Load(message);
    }

    public void Load(Message message)
    {
        _bySequence.Add(message.Sequence, message);
        _byDue.Add(message);
        ledger.Agenda.Wake(message.Due!.Value);
    }

    public bool Holds(long sequence) => _bySequence.ContainsKey(sequence);

    public void Cancel(long sequence) => Take(_bySequence[sequence]);

    /// <summary>The content of the first message, if its time has come. It is no longer scheduled then.</summary>
    public Content? TakeDue() => Next <= ledger.Now ? Take(_byDue.Min!).Content : null;

    private Message Take(Message message)
    {
        _bySequence.Remove(message.Sequence);
        _byDue.Remove(message);
        message.IsGone = true;
        ledger.Changes.Messages.Add(message);
        return message;
    }
}

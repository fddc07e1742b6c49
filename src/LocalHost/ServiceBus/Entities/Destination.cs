namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>What messages are sent to: a queue or a topic.</summary>
internal abstract class Destination(EntityRecord entity, TimeSpan? duplicateDetection, Schedule schedule, Ledger ledger)
{
    protected EntityRecord Entity { get; } = entity;

    protected Ledger Ledger { get; } = ledger;

    public DuplicateWindow? Duplicates { get; } = duplicateDetection is { } length ? new DuplicateWindow(length, entity, ledger) : null;

    public Schedule Schedule { get; } = schedule;

    /// <summary>Takes all messages or none, and gives their sequence numbers. A repetition is taken and dropped.</summary>
    public IReadOnlyList<long> Send(IReadOnlyList<Content> messages)
    {
        foreach (var message in messages) Check(message);
        return [.. messages.Select(Accept)];
    }

    /// <summary>Cancels all or none.</summary>
    public void CancelScheduled(IReadOnlyList<long> sequences)
    {
        foreach (var sequence in sequences)
        {
            if (!Schedule.Holds(sequence)) throw Failures.MessageNotFound(Entity.Path, sequence);
        }

        foreach (var sequence in sequences.Distinct()) Schedule.Cancel(sequence);
    }

    /// <summary>Enqueues what is due by now.</summary>
    public void Tick()
    {
        while (Schedule.TakeDue() is { } content) Enqueue(content, Ledger.Changes.NextSequence(Entity));
        Ledger.Agenda.Wake(Schedule.Next);
    }

    protected virtual void Check(Content message)
    {
    }

    protected abstract TimeSpan LifeOf(Content message);

    protected abstract void Enqueue(Content message, long sequence);

    private long Accept(Content message)
    {
        var sequence = Ledger.Changes.NextSequence(Entity);
        if (Duplicates?.IsRepetition(message.MessageId) == true) return sequence;
        if (message.ScheduledEnqueueTime > Ledger.Now)
            Schedule.Add(message, sequence, LifeOf(message));
        else
            Enqueue(message, sequence);
        return sequence;
    }
}

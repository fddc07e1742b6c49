namespace Atomic.LocalHost.ServiceBus.Entities;

internal sealed class Queue(QueueSettings settings, EntityRecord entity, Mailbox mailbox, Schedule schedule, Ledger ledger)
    : Destination(entity, settings.DuplicateDetection, schedule, ledger)
{
    protected override void Check(Content message)
    {
        if (settings.RequiresSession && message.SessionId is null) throw Failures.SessionIdMissing(Entity.Path);
    }

    protected override TimeSpan LifeOf(Content message) => mailbox.LifeOf(message.TimeToLive);

    protected override void Enqueue(Content message, long sequence) => mailbox.Add(message, sequence, sequence, message.TimeToLive);
}

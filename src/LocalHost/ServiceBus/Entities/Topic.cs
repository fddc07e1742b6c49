using Atomic.LocalHost.ServiceBus.Filters;

namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>Hands a copy of each message to the subscriptions whose filters match. All copies are one change, so one commit.</summary>
internal sealed class Topic(
    TopicSettings settings, EntityRecord entity, IReadOnlyList<(SubscriptionSettings Settings, Mailbox Mailbox)> subscriptions, Ledger ledger)
    : Destination(entity, settings.DuplicateDetection, new Schedule(entity, ledger), ledger)
{
    protected override TimeSpan LifeOf(Content message) => message.TimeToLive < settings.TimeToLive ? message.TimeToLive : settings.TimeToLive;

    protected override void Enqueue(Content message, long sequence)
    {
        var life = LifeOf(message);
        foreach (var (subscription, mailbox) in subscriptions)
        {
            if (!Matches(subscription, message, out var refusal)) continue;
            var own = Ledger.Changes.NextSequence(mailbox.Entity);
            if (refusal is null)
                mailbox.Add(message, own, sequence, life);
            else
                mailbox.AddDead(message, own, sequence, life, refusal);
        }
    }

    private static bool Matches(SubscriptionSettings subscription, Content message, out DeadLetterReason? refusal)
    {
        refusal = null;
        try
        {
            if (!subscription.Filter.Matches(message)) return false;
            if (subscription.RequiresSession && message.SessionId is null) refusal = DeadLetterReason.SessionIdIsNull;
        }
        catch (FilterException e)
        {
            refusal = new DeadLetterReason(nameof(FilterException), e.Message);
        }

        return true;
    }
}

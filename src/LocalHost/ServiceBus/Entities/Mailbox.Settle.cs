namespace Atomic.LocalHost.ServiceBus.Entities;

internal sealed partial class Mailbox
{
    public void Complete(SessionKey? session, Guid token) => Remove(Release(session, token));

    public void Abandon(SessionKey? session, Guid token, IReadOnlyCollection<KeyValuePair<string, object>> changes)
    {
        var message = Release(session, token);
        Change(message, changes);
        Return(message);
    }

    public void Defer(SessionKey? session, Guid token, IReadOnlyCollection<KeyValuePair<string, object>> changes)
    {
        var message = Release(session, token);
        Change(message, changes);
        message.IsDeferred = true;
        _ledger.Changes.Messages.Add(message);
        _deferred.Add(message.Sequence, message);
    }

    /// <exception cref="InvalidOperationException">It is a dead letter already.</exception>
    public void DeadLetter(SessionKey? session, Guid token, IReadOnlyCollection<KeyValuePair<string, object>> changes)
    {
        if (_deadLetters is null) throw new InvalidOperationException($"A message of '{Path}' cannot be dead-lettered again.");
        Bury(Release(session, token), changes);
    }

    /// <exception cref="InvalidOperationException">It is a message of a session, whose lock is the session's.</exception>
    public DateTimeOffset Renew(Guid token)
    {
        var lease = _locks.Find(token) ?? throw Failures.MessageLockLost(Path);
        _locks.Renew(lease);
        return lease.Until;
    }

    private Message Release(SessionKey? key, Guid token)
    {
        if (key is null)
        {
            var lease = _locks.Find(token) ?? throw Failures.MessageLockLost(Path);
            _locks.End(lease);
            lease.Held.LockToken = null;
            return lease.Held;
        }

        if (!Locked(key).Held.Remove(token, out var message)) throw Failures.MessageLockLost(Path);
        message.LockToken = null;
        return message;
    }

    // A delivery has ended without settlement.
    private void Return(Message message)
    {
        if (_deadLetters is not null && message.Deliveries >= _settings.MaxDeliveryCount)
            Bury(message, DeadLetterReason.MaxDeliveryCount(_settings.MaxDeliveryCount).AsProperties());
        else if (message.IsDeferred)
            _deferred.Add(message.Sequence, message);
        else
            Offer(message);
    }

    private void Expire(Message message)
    {
        if (_settings.DeadLetteringOnMessageExpiration)
            Bury(message, DeadLetterReason.Expired.AsProperties());
        else
            Remove(message);
    }

    private void Bury(Message message, IReadOnlyCollection<KeyValuePair<string, object>> reason)
    {
        _all.Remove(message);
        message.Content = message.Content.With(reason);
        message.IsDeferred = false;
        message.IsDead = true;
        _deadLetters!.Enter(message);
    }

    private void Change(Message message, IReadOnlyCollection<KeyValuePair<string, object>> changes)
    {
        if (changes.Count == 0) return;
        message.Content = message.Content.With(changes);
        _ledger.Changes.Messages.Add(message);
    }

    private void Remove(Message message)
    {
        _all.Remove(message);
        message.IsGone = true;
        _ledger.Changes.Messages.Add(message);
    }
}

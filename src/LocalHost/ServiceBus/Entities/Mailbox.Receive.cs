using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Entities;

internal sealed partial class Mailbox
{
    private static readonly Content Nothing = new() { MessageId = "" };

    /// <summary>Puts a receiver in line. It is answered as soon as there is something for it, or when its time is over.</summary>
    public void Receive(SessionKey? session, ReceiveWaiter receiver)
    {
        var lane = LaneFor(session);
        _ledger.Waiting.Join(lane.Receivers, receiver);
        _ledger.Agenda.Wake(receiver.Deadline);
        Stir(lane);
    }

    /// <summary>Hands out deferred messages: all that are asked for, or none.</summary>
    public IReadOnlyList<Delivery> ReceiveDeferred(SessionKey? session, IReadOnlyList<long> sequences, bool deletes)
    {
        LaneFor(session);
        foreach (var sequence in sequences)
        {
            if (!_deferred.TryGetValue(sequence, out var found) || (session is not null && found.Content.SessionId != session.Id))
                throw Failures.MessageNotFound(Path, sequence);
        }

        return [.. sequences.Distinct().Select(sequence =>
        {
            _deferred.Remove(sequence, out var message);
            return HandOut(message!, deletes);
        })];
    }

    /// <summary>Answers those who wait, as far as there is something for them.</summary>
    public void Serve()
    {
        foreach (var lane in _stirred)
        {
            while (lane.Ready.Count > 0 && lane.Receivers.First is { Value: var receiver })
            {
                _ledger.Waiting.Leave(receiver);
                receiver.Reply.Give(Take(lane, receiver.Max, receiver.Deletes));
            }

            if (lane is Session session) Settle(session);
        }

        _stirred.Clear();
        ServeAcceptors();
    }

    private List<Delivery> Take(Lane lane, int max, bool deletes)
    {
        var deliveries = new List<Delivery>();
        while (deliveries.Count < max && lane.Ready.Min is { } message)
        {
            Withdraw(message);
            deliveries.Add(HandOut(message, deletes));
        }

        return deliveries;
    }

    private Delivery HandOut(Message message, bool deletes)
    {
        message.Deliveries++;
        if (deletes)
        {
            Remove(message);
            return Snapshot(message, message.Deliveries, default, default);
        }

        _ledger.Changes.Messages.Add(message);
        var (token, until) = Hold(message);
        message.LockToken = token;
        return Snapshot(message, message.Deliveries, token, until);
    }

    private (Guid Token, DateTimeOffset Until) Hold(Message message)
    {
        if (!HasSessions)
        {
            var lease = _locks.Grant(message);
            return (lease.Token, lease.Until);
        }

        var session = SessionOf(message.Content.SessionId!);
        var token = Guid.NewGuid();
        session.Held.Add(token, message);
        return (token, session.Lock!.Until);
    }

    // The delivery under way counts once it has ended without settlement.
    private static Delivery Peeked(Message message) =>
        Snapshot(message, message.LockToken is null ? message.Deliveries : message.Deliveries - 1, default, default);

    private static Delivery Snapshot(Message message, int deliveries, Guid token, DateTimeOffset until) => new(
        message.Content,
        message.Sequence,
        message.EnqueuedSequence,
        message.Enqueued,
        message.TimeToLive,
        deliveries,
        token,
        until,
        message.Due is not null ? ServiceBusMessageState.Scheduled
            : message.IsDeferred ? ServiceBusMessageState.Deferred
            : ServiceBusMessageState.Active);
}

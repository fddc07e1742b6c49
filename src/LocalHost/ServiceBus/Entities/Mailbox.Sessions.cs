namespace Atomic.LocalHost.ServiceBus.Entities;

internal sealed partial class Mailbox
{
    private readonly Leases<Session> _sessionLocks;
    private readonly Dictionary<string, Session> _sessions = [];

    // Free sessions with something to receive, the longest offered first.
    private readonly LinkedList<Session> _offered = [];
    private readonly LinkedList<AcceptWaiter> _acceptors = [];

    public AcceptedSession Accept(string id)
    {
        if (!HasSessions) throw Failures.SessionNotSupported(Path);
        var session = SessionOf(id);
        return session.Lock is null ? Grant(session) : throw Failures.SessionCannotBeLocked(Path, id);
    }

    /// <summary>Puts someone in line for whichever session is free and has something to receive.</summary>
    public void AcceptNext(AcceptWaiter acceptor)
    {
        if (!HasSessions) throw Failures.SessionNotSupported(Path);
        _ledger.Waiting.Join(_acceptors, acceptor);
        _ledger.Agenda.Wake(acceptor.Deadline);
        _ledger.Stirred.Add(this);
    }

    public DateTimeOffset Renew(SessionKey key)
    {
        var session = Locked(key);
        _sessionLocks.Renew(session.Lock!);
        return session.Lock!.Until;
    }

    public byte[]? StateOf(SessionKey key) => Locked(key).State;

    public void SetState(SessionKey key, byte[]? state)
    {
        Locked(key).State = state;
        _ledger.Changes.SessionStates[(Entity.Id, key.Id)] = state;
    }

    public void LoadState(string id, byte[] state) => SessionOf(id).State = state;

    /// <summary>Gives a session back. What was received in it and not settled counts as not delivered. Nothing happens when it was lost.</summary>
    public void Close(SessionKey key)
    {
        if (!_sessions.TryGetValue(key.Id, out var session) || session.Lock?.Token != key.Lock) return;
        _sessionLocks.End(session.Lock);
        foreach (var message in session.Held.Values)
        {
            message.Deliveries--;
            _ledger.Changes.Messages.Add(message);
        }

        Free(session);
    }

    private void Lose(Session session)
    {
        Free(session);
        _ledger.Waiting.Refuse(
            waiter => waiter is ReceiveWaiter receiver && session.Receivers.Contains(receiver), () => Failures.SessionLockLost(Path, session.Id));
    }

    private void Free(Session session)
    {
        session.Lock = null;
        var held = session.Held.Values.ToList();
        session.Held.Clear();
        foreach (var message in held)
        {
            message.LockToken = null;
            Return(message);
        }

        Stir(session);
    }

    private AcceptedSession Grant(Session session)
    {
        session.Lock = _sessionLocks.Grant(session);
        Stir(session);
        return new AcceptedSession(new SessionKey(session.Id, session.Lock.Token), session.Lock.Until);
    }

    private void ServeAcceptors()
    {
        while (_offered.First is { Value: var session } && _acceptors.First is { Value: var acceptor })
        {
            _ledger.Waiting.Leave(acceptor);
            acceptor.Reply.Give(Grant(session));
            Settle(session);
        }
    }

    // Brings the offer in line with what the session is now, and forgets a session of which nothing is left.
    private void Settle(Session session)
    {
        var isOffered = session.Lock is null && session.Ready.Count > 0;
        if (isOffered) session.Offer ??= _offered.AddLast(session);
        if (!isOffered && session.Offer is { } offer)
        {
            _offered.Remove(offer);
            session.Offer = null;
        }

        if (session.IsEmpty) _sessions.Remove(session.Id);
    }

    private Lane LaneFor(SessionKey? key)
    {
        if (key is not null) return Locked(key);
        return HasSessions ? throw Failures.SessionRequired(Path) : _lane;
    }

    private Session Locked(SessionKey key) =>
        _sessions.TryGetValue(key.Id, out var session) && session.Lock?.Token == key.Lock ? session : throw Failures.SessionLockLost(Path, key.Id);

    private Session SessionOf(string id)
    {
        if (!_sessions.TryGetValue(id, out var session)) _sessions[id] = session = new Session(id);
        return session;
    }
}

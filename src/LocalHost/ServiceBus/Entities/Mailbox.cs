namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>
/// What messages are received from: a queue, a subscription, or the dead letters of one. A message in it is ready, locked, or deferred.
/// Without sessions all messages stand in one lane; with them each session has its own.
/// </summary>
internal sealed partial class Mailbox
{
    private readonly Ledger _ledger;
    private readonly DeliverySettings _settings;
    private readonly Mailbox? _deadLetters;
    private readonly Schedule? _schedule;
    private readonly Leases<Message> _locks;
    private readonly Lane _lane = new();
    private readonly SortedSet<Message> _all = new(Comparer<Message>.Create(Message.BySequence));
    private readonly SortedSet<Message> _expiring = new(Comparer<Message>.Create(Message.ByExpiry));
    private readonly Dictionary<long, Message> _deferred = [];
    private readonly HashSet<Lane> _stirred = [];

    private Mailbox(string path, EntityRecord entity, DeliverySettings settings, Mailbox? deadLetters, Schedule? schedule, Ledger ledger)
    {
        (Path, Entity, _settings, _deadLetters, _schedule, _ledger) = (path, entity, settings, deadLetters, schedule, ledger);
        _locks = new Leases<Message>(settings.LockDuration, ledger.Agenda);
        _sessionLocks = new Leases<Session>(settings.LockDuration, ledger.Agenda);
    }

    public string Path { get; }

    public EntityRecord Entity { get; }

    private bool HasSessions => _deadLetters is not null && _settings.RequiresSession;

    /// <summary>The mailbox of a queue or subscription, and the one of its dead letters.</summary>
    public static (Mailbox Main, Mailbox DeadLetters) Pair(EntityRecord entity, DeliverySettings settings, Ledger ledger, Schedule? schedule = null)
    {
        var deadLetters = new Mailbox(EntityPath.OfDeadLetters(entity.Path), entity, settings, null, null, ledger);
        return (new Mailbox(entity.Path, entity, settings, deadLetters, schedule, ledger), deadLetters);
    }

    public TimeSpan LifeOf(TimeSpan asked) => asked < _settings.TimeToLive ? asked : _settings.TimeToLive;

    public void Add(Content content, long sequence, long enqueuedSequence, TimeSpan life) =>
        Enter(New(content, sequence, enqueuedSequence, life, isDead: false));

    /// <summary>Adds a message that nobody will receive.</summary>
    public void AddDead(Content content, long sequence, long enqueuedSequence, TimeSpan life, DeadLetterReason reason) =>
        _deadLetters!.Enter(New(content.With(reason.AsProperties()), sequence, enqueuedSequence, life, isDead: true));

    /// <summary>Takes back a message after a restart. Whatever was locked is free, and has been delivered as often as it was.</summary>
    public void Load(Message message)
    {
        _all.Add(message);
        if (HasSessions && message.Content.SessionId is null)
            Bury(message, DeadLetterReason.SessionIdIsNull.AsProperties());
        else
            Return(message);
    }

    /// <summary>Messages as they are, in order and untouched. What is scheduled is among them.</summary>
    public IReadOnlyList<Delivery> Peek(long from, int max, string? sessionId)
    {
        var scheduled = (_schedule?.Messages ?? []).Where(message => message.Sequence >= from);
        return
        [
            .. _all.GetViewBetween(Probe(from), Probe(long.MaxValue)).Where(IsOfSession).Take(max)
                .Concat(scheduled.Where(IsOfSession)).OrderBy(message => message.Sequence).Take(max).Select(Peeked),
        ];

        bool IsOfSession(Message message) => sessionId is null || message.Content.SessionId == sessionId;
    }

    /// <summary>Frees what was locked too long, and ends what lived too long.</summary>
    public void Tick()
    {
        while (_locks.TakeExpired() is { } expired)
        {
            expired.Held.LockToken = null;
            Return(expired.Held);
        }

        while (_sessionLocks.TakeExpired() is { } expired) Lose(expired.Held);
        while (_expiring.Min is { } oldest && oldest.Expires <= _ledger.Now)
        {
            Withdraw(oldest);
            Expire(oldest);
        }

        _ledger.Agenda.Wake(_locks.Next);
        _ledger.Agenda.Wake(_sessionLocks.Next);
        if (_expiring.Min is { } next) _ledger.Agenda.Wake(next.Expires);
    }

    private Message New(Content content, long sequence, long enqueuedSequence, TimeSpan life, bool isDead) => new(_ledger.NextRow())
    {
        Entity = Entity,
        Content = content,
        Sequence = sequence,
        EnqueuedSequence = enqueuedSequence,
        Enqueued = _ledger.Now,
        TimeToLive = LifeOf(life),
        IsDead = isDead,
    };

    private void Enter(Message message)
    {
        _ledger.Changes.Messages.Add(message);
        _all.Add(message);
        Offer(message);
    }

    // Makes a message available, unless its time is over.
    private void Offer(Message message)
    {
        if (message.Expires <= _ledger.Now)
        {
            Expire(message);
            return;
        }

        var lane = LaneOf(message);
        lane.Ready.Add(message);
        if (message.Expires < DateTimeOffset.MaxValue)
        {
            _expiring.Add(message);
            _ledger.Agenda.Wake(message.Expires);
        }

        Stir(lane);
    }

    private void Withdraw(Message message)
    {
        LaneOf(message).Ready.Remove(message);
        _expiring.Remove(message);
    }

    private Lane LaneOf(Message message) => HasSessions ? SessionOf(message.Content.SessionId!) : _lane;

    private void Stir(Lane lane)
    {
        _stirred.Add(lane);
        _ledger.Stirred.Add(this);
    }

    private Message Probe(long sequence) => new(0)
    {
        Entity = Entity,
        Content = Nothing,
        Sequence = sequence,
        EnqueuedSequence = 0,
        Enqueued = default,
        TimeToLive = default,
    };
}

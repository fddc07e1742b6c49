namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>A message in a queue, a subscription, a topic's schedule or among dead letters.</summary>
internal sealed class Message(long row)
{
    /// <summary>Its key in the file.</summary>
    public long Row { get; } = row;

    /// <summary>Whose it is: a queue, a subscription or a topic; with <see cref="IsDead"/>, its dead letters.</summary>
    public required EntityRecord Entity { get; init; }

    public bool IsDead { get; set; }

    public required Content Content { get; set; }

    public required long Sequence { get; init; }

    public required long EnqueuedSequence { get; init; }

    public required DateTimeOffset Enqueued { get; init; }

    public required TimeSpan TimeToLive { get; init; }

    /// <summary>When it is to be enqueued; null once it is.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>Set aside: received by its sequence number only.</summary>
    public bool IsDeferred { get; set; }

    /// <summary>How often it has been handed out to be settled.</summary>
    public int Deliveries { get; set; }

    /// <summary>The lock under which it is handed out. In a session the session's lock covers it as well.</summary>
    public Guid? LockToken { get; set; }

    /// <summary>The content as the file has it; null while the file does not have the message.</summary>
    public Content? StoredContent { get; set; }

    public bool IsGone { get; set; }

    public DateTimeOffset Expires => IsDead || TimeToLive >= DateTimeOffset.MaxValue - Enqueued ? DateTimeOffset.MaxValue : Enqueued + TimeToLive;

    public static int BySequence(Message left, Message right) => left.Sequence.CompareTo(right.Sequence);

    public static int ByExpiry(Message left, Message right) =>
        left.Expires.CompareTo(right.Expires) is var order and not 0 ? order : BySequence(left, right);

    public static int ByDue(Message left, Message right) =>
        Nullable.Compare(left.Due, right.Due) is var order and not 0 ? order : BySequence(left, right);
}

/// <summary>A queue, topic or subscription as the file knows it.</summary>
internal sealed class EntityRecord(int id, string path)
{
    public int Id { get; } = id;

    public string Path { get; } = path;

    /// <summary>The last sequence number given. It never goes back, whatever is deleted.</summary>
    public long LastSequence { get; set; }
}

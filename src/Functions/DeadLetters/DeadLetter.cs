using Atomic.EventSourcing;

namespace Atomic.Functions.DeadLetters;

/// <summary>A person put a dead letter back to where it came from.</summary>
public sealed record DeadLetterResubmitted(string Id, string MessageId, string Reason, string By, string? Why) : IEvent;

/// <summary>A person threw a dead letter away.</summary>
public sealed record DeadLetterDiscarded(string Id, string MessageId, string Reason, string By, string Why) : IEvent;

/// <summary>What people did with one dead letter: the audit of it, which outlives the message.</summary>
public sealed record DeadLetter(int Resubmitted, bool Discarded) : IAggregate<DeadLetter>
{
    public static string Category => "operationsDeadLetter";

    public static EventTypes Events { get; } = EventTypes.Of(typeof(DeadLetterResubmitted), typeof(DeadLetterDiscarded));

    public static DeadLetter Initial { get; } = new(0, false);

    public DeadLetter Evolve(IEvent e) => e switch
    {
        DeadLetterResubmitted => this with { Resubmitted = Resubmitted + 1 },
        DeadLetterDiscarded => this with { Discarded = true },
        _ => this,
    };
}

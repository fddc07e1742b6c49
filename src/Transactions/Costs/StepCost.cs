namespace Atomic.Transactions.Costs;

/// <summary>
/// What a participant uses for one act of one step, as the event store's contract says: a write for each stream that the command goes to,
/// if the stream is warm or new, and an event of each for all who read it. A stream that is cold costs a read more.
/// </summary>
internal static class StepCost
{
    /// <summary>
    /// An effect at a provider, beside the write of its outcome: before it the record and the head are read and <c>started</c> is written;
    /// after it the head, the record and what guards it are read.
    /// </summary>
    private const int AtProvider = 6;

    /// <summary>A refusal that meets a record without events: its write is turned away, and the record is read, by the store and for the answer.</summary>
    private const int MeetsBareRecord = 3;

    public static Usage OfDo(StepDefinition step, object? input, bool refused, CostBasis basis)
    {
        var streams = refused ? step.RefusalStreams : step.StreamsOf(input);
        var outside = step.ReachesProvider && basis.HasProvider && !refused ? AtProvider : 0;
        return new Usage(Requests: streams + outside) + basis.Events(step.Participant, LeavesNoEvent(step) && !refused ? 0 : streams);
    }

    /// <summary>The undo of what is done.</summary>
    public static Usage OfUndo(StepDefinition step, object? input, CostBasis basis)
    {
        var streams = step.StreamsOf(input);
        // What is to be voided at the provider is told by the record.
        var outside = step.ReachesProvider && basis.HasProvider ? 1 : 0;
        return new Usage(Requests: streams + outside) + basis.Events(step.Participant, streams);
    }

    /// <summary>What is done is asked for again, or to be refused: what it wrote is read, and its events go out again.</summary>
    public static Usage OfRepetition(StepDefinition step, object? input, CostBasis basis) => LeavesNoEvent(step)
        ? new Usage(Requests: MeetsBareRecord)
        : new Usage(Requests: step.StreamsOf(input)) + basis.Events(step.Participant, step.StreamsOf(input));

    /// <summary>A tombstone: the record alone. An undo looks for the record first.</summary>
    public static Usage OfTombstone(StepDefinition step, object? input, bool byUndo) =>
        new(Requests: byUndo ? 2 * step.StreamsOf(input) : 1);

    // A check leaves nothing behind; a person's decision is on record.
    private static bool LeavesNoEvent(StepDefinition step) => step is { NothingToUndo: true, DecisionLimit: null };
}

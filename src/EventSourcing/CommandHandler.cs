namespace Atomic.EventSourcing;

/// <summary>A command as it reaches its handler: its identity, and what caused it.</summary>
/// <param name="CommandId">
/// The key of its record: the same at every redelivery, and the same for the do and the undo of one step of a transaction.
/// </param>
public sealed record Invocation(string CommandId, EventContext Context)
{
    public Mode Mode { get; init; }

    /// <summary>A refusal is then no final answer: it is not recorded, and the command may be tried again.</summary>
    public bool MustSucceed { get; init; }

    /// <summary>Whether a command over several streams has to revert what its other parts did before it gives this answer.</summary>
    public bool Reverts(Answer answer) => !answer.Accepted && (answer.TooLate || !MustSucceed);
}

/// <summary>What is to become of a command at the barrier.</summary>
public enum Mode
{
    /// <summary>It is carried out: the do, or the undo.</summary>
    Perform,

    /// <summary>
    /// Asked of a do: unless it is done, it never will be. Answered as accepted when it is done, as too late when it is not.
    /// </summary>
    Refuse,

    /// <summary>A person says that it has been carried out: the record alone.</summary>
    Declare,
}

/// <summary>
/// Runs commands on aggregates: load, decide, append with the command's record, publish. A repeated command publishes its commit again
/// and gives its stored answer: the unsettled message or activity that brings it is the outbox.
/// </summary>
public sealed class CommandHandler(IEventStore store, IEventPublisher publisher)
{
    private readonly StreamGates _gates = new();

    /// <summary>Carries a command out, once.</summary>
    /// <param name="creates">The stream most likely does not exist: saves the read.</param>
    /// <exception cref="ContendedStreamException">Other processes wrote first, again and again; nothing was written.</exception>
    public async Task<Answer> DoAsync<TState>(
        string id, Invocation invocation, Func<TState, IReadOnlyList<IEvent>> decide, bool creates, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        using var turn = await _gates.EnterAsync(new StreamId(TState.Category, id), cancellation);
        for (var attempt = 0; attempt < ContendedStreamException.Attempts; attempt++)
        {
            var head = await store.LoadAsync<TState>(id, attempt == 0 && (creates || invocation.Mode == Mode.Refuse), cancellation);
            if (head.Find(invocation.CommandId) is { } known) return await RepeatAsync<TState>(id, known, known.DoVersion, undo: false, cancellation);

            var commit = Decide(head.State, invocation, decide);
            if (commit.To == RecordState.Refused && invocation.MustSucceed) return new Answer(false, commit.Reason, false, []);
            switch (await store.AppendAsync(head, commit, cancellation))
            {
                case AppendOutcome.Appended appended:
                    await publisher.PublishAsync(appended.Commit, cancellation);
                    return new Answer(commit.To == RecordState.Done, commit.Reason, commit.To == RecordState.Undone, TokensOf(appended.Commit));
                case AppendOutcome.Duplicate:
                    if (await store.FindRecordAsync(head.Stream, invocation.CommandId, cancellation) is { } record)
                        return await RepeatAsync<TState>(id, record, record.DoVersion, undo: false, cancellation);
                    break;
            }
        }

        throw new ContendedStreamException(new StreamId(TState.Category, id));
    }

    /// <summary>Reverts a command, once; when it never came, leaves a tombstone that a late one will find.</summary>
    /// <exception cref="ContendedStreamException">Other processes wrote first, again and again; nothing was written.</exception>
    public async Task<Answer> UndoAsync<TState>(
        string id, Invocation invocation, Func<TState, IReadOnlyList<IEvent>> compensate, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        using var turn = await _gates.EnterAsync(new StreamId(TState.Category, id), cancellation);
        for (var attempt = 0; attempt < ContendedStreamException.Attempts; attempt++)
        {
            var head = await store.LoadAsync<TState>(id, likelyNew: false, cancellation);
            var record = head.Find(invocation.CommandId) ?? await store.FindRecordAsync(head.Stream, invocation.CommandId, cancellation);
            var found = record?.State ?? RecordState.None;
            var passage = Barrier.OnUndo(found);
            if (passage == Passage.Repeat) return await RepeatAsync<TState>(id, record!, record!.UndoVersion, undo: true, cancellation);

            var events = passage == Passage.Tombstone || invocation.Mode == Mode.Declare ? [] : compensate(head.State);
            var commit = new NewCommit(invocation.CommandId, found, RecordState.Undone, events, null, invocation.Context);
            if (await store.AppendAsync(head, commit, cancellation) is AppendOutcome.Appended appended)
            {
                await publisher.PublishAsync(appended.Commit, cancellation);
                return new Answer(true, null, false, TokensOf(appended.Commit));
            }
        }

        throw new ContendedStreamException(new StreamId(TState.Category, id));
    }

    private static NewCommit Decide<TState>(TState state, Invocation invocation, Func<TState, IReadOnlyList<IEvent>> decide)
    {
        if (invocation.Mode == Mode.Refuse)
            return new NewCommit(invocation.CommandId, RecordState.None, RecordState.Undone, [], Answer.Reverted, invocation.Context);
        var events = invocation.Mode == Mode.Declare ? [] : decide(state);
        var refusal = events.OfType<IRefusal>().LastOrDefault();
        return new NewCommit(
            invocation.CommandId, RecordState.None, refusal is null ? RecordState.Done : RecordState.Refused, events, refusal?.Reason, invocation.Context);
    }

    private async Task<Answer> RepeatAsync<TState>(
        string id, CommandRecord record, long version, bool undo, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        var commit = version == 0 ? null : await store.FindCommitAsync<TState>(id, version, cancellation);
        if (commit is not null) await publisher.PublishAsync(commit, cancellation);
        var tokens = commit is null ? [] : TokensOf(commit);
        if (undo) return new Answer(true, null, false, tokens) { Repeated = true };

        var tooLate = Barrier.OnDo(record.State) == Passage.TooLate;
        return new Answer(record.State == RecordState.Done, tooLate ? Answer.Reverted : record.Reason, tooLate, tokens) { Repeated = true };
    }

    private static string[] TokensOf(Commit commit) =>
        commit.Events is [.., var last] ? [last.Position.ToString()] : [];
}

/// <summary>Where commits go once they are written.</summary>
public interface IEventPublisher
{
    /// <summary>Publishes every event of the commit, or throws. Publishing again is harmless: the events keep their ids.</summary>
    Task PublishAsync(Commit commit, CancellationToken cancellation);
}

/// <summary>A stream that other processes kept changing between every read and write of this one.</summary>
public sealed class ContendedStreamException(StreamId stream)
    : Exception($"Stream {stream} was changed by others {Attempts} times between reading and writing it.")
{
    internal const int Attempts = 16;

    public StreamId Stream { get; } = stream;
}

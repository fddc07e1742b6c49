namespace Atomic.EventSourcing;

/// <summary>A command as it reaches its handler: its identity, and what caused it.</summary>
/// <param name="CommandId">
/// The key of its record: the same at every redelivery, and the same for the do and the undo of one step of a transaction.
/// </param>
public sealed record Invocation(string CommandId, EventContext Context)
{
    /// <summary>Does only what a repetition does: publishes what was written, if anything was. What was never carried out is not.</summary>
    public bool OnlyRepeats { get; init; }

    public Mode Mode { get; init; }

    /// <summary>Its record says <see cref="RecordState.Started"/>: an effect outside the store was begun.</summary>
    public bool HasStarted { get; init; }

    /// <summary>A refusal is then no final answer: it is not recorded, and the command may be tried again.</summary>
    public bool MustSucceed { get; init; }

    /// <summary>Why it is to be refused, where <see cref="Mode"/> says so: kept with its record, so that whoever comes later learns who was first.</summary>
    public string? Reason { get; init; }

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
/// and gives its stored answer: the unsettled message or activity that brings it is the outbox. Commands that wait for the same stream in
/// this process are committed together, in one write.
/// </summary>
public sealed class CommandHandler(IEventStore store, IEventPublisher publisher)
{
    private readonly StreamTurns _turns = new();

    /// <summary>Carries a command out, once.</summary>
    /// <param name="creates">The stream most likely does not exist: saves the read.</param>
    /// <exception cref="ContendedStreamException">Other processes wrote first, again and again; nothing was written.</exception>
    /// <exception cref="UnsettledEffectException">Its effect outside the store was begun, and this code does not ask what became of it.</exception>
    public Task<Answer> DoAsync<TState>(
        string id, Invocation invocation, Func<TState, IReadOnlyList<IEvent>> decide, bool creates, CancellationToken cancellation)
        where TState : IAggregate<TState> =>
        RunAsync(id, new PendingCommand<TState>(invocation, decide, IsUndo: false, creates), cancellation);

    /// <summary>Reverts a command, once; when it never came, leaves a tombstone that a late one will find.</summary>
    /// <exception cref="ContendedStreamException">Other processes wrote first, again and again; nothing was written.</exception>
    public Task<Answer> UndoAsync<TState>(
        string id, Invocation invocation, Func<TState, IReadOnlyList<IEvent>> compensate, CancellationToken cancellation)
        where TState : IAggregate<TState> =>
        RunAsync(id, new PendingCommand<TState>(invocation, compensate, IsUndo: true, Creates: false), cancellation);

    /// <summary>
    /// Records that a command's effect outside the store is about to begin. What it comes to is then recorded by a do or an undo with
    /// <see cref="Invocation.HasStarted"/>.
    /// </summary>
    /// <returns>Where the record stands: anything but <see cref="RecordState.Started"/> means that there is nothing to begin.</returns>
    /// <exception cref="ContendedStreamException">Other processes wrote first, again and again; nothing was written.</exception>
    public async Task<RecordState> StartAsync<TState>(string id, Invocation invocation, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        var stream = new StreamId(TState.Category, id);
        for (var attempt = 0; attempt < ContendedStreamException.Attempts; attempt++)
        {
            var record = await store.FindRecordAsync(stream, invocation.CommandId, cancellation);
            if (record is not null) return record.State;
            var head = await store.LoadAsync<TState>(id, likelyNew: false, cancellation);
            var start = new NewCommit(invocation.CommandId, RecordState.None, RecordState.Started, [], null, invocation.Context);
            if (await store.AppendAsync(head, start, cancellation) is AppendOutcome.Appended) return RecordState.Started;
        }

        throw new ContendedStreamException(stream);
    }

    /// <summary>The record of a command, or null when it was never carried out.</summary>
    public Task<CommandRecord?> FindAsync<TState>(string id, Invocation invocation, CancellationToken cancellation)
        where TState : IAggregate<TState> => store.FindRecordAsync(new StreamId(TState.Category, id), invocation.CommandId, cancellation);

    /// <summary>
    /// Begins a batch: commands that are given to this handler before it is disposed of are carried out after that, those of one stream
    /// together. Dispose of it before awaiting their answers.
    /// </summary>
    public IDisposable Gather() => _turns.Gather();

    private Task<Answer> RunAsync<TState>(string id, PendingCommand<TState> command, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        cancellation.ThrowIfCancellationRequested();
        var turn = _turns.Join(new StreamId(TState.Category, id), command, group => new CommandGroup<TState>(store, publisher, id, group).CommitAsync());
        // Given up by its caller, a command may still be carried out: its outcome is unknown, as it would be for a lost reply.
        return AwaitAsync().WaitAsync(cancellation);

        // Who waits for a turn is woken where it began to wait, and by no thread of the pool: a simulation has one thread.
        async Task<Answer> AwaitAsync() => await turn;
    }
}

/// <summary>Where commits go once they are written.</summary>
public interface IEventPublisher
{
    /// <summary>Publishes every event of the commit, or throws. Publishing again is harmless: the events keep their ids.</summary>
    Task PublishAsync(Commit commit, CancellationToken cancellation);

    /// <summary>Publishes every event of the commits, in their order, or throws.</summary>
    async Task PublishAsync(IReadOnlyList<Commit> commits, CancellationToken cancellation)
    {
        foreach (var commit in commits) await PublishAsync(commit, cancellation);
    }
}

/// <summary>A stream that other processes kept changing between every read and write of this one.</summary>
public sealed class ContendedStreamException(StreamId stream)
    : Exception($"Stream {stream} was changed by others {Attempts} times between reading and writing it.")
{
    internal const int Attempts = 16;

    public StreamId Stream { get; } = stream;
}

/// <summary>
/// A command whose effect outside the store was begun, and which is carried out by code that knows of no such effect: a host without the
/// provider that an earlier one had. Whether it happened is unknown until someone asks there.
/// </summary>
public sealed class UnsettledEffectException(StreamId stream, string commandId)
    : Exception($"Command '{commandId}' of stream {stream} began an effect outside the store, and nobody here can tell what became of it.")
{
    public StreamId Stream { get; } = stream;

    public string CommandId { get; } = commandId;
}

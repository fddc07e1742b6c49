namespace Atomic.EventSourcing;

/// <summary>
/// Commits commands of one stream together: each is decided on the state that those before it leave, each has its own record, events and
/// answer, and all are written at once or not at all. One whose decision throws fails alone.
/// </summary>
internal sealed class CommandGroup<TState>(IEventStore store, IEventPublisher publisher, string id, IReadOnlyList<PendingCommand<TState>> commands)
    where TState : IAggregate<TState>
{
    private readonly StreamId _stream = new(TState.Category, id);

    // A command that is under way is carried through, whoever has stopped waiting for it.
    private static CancellationToken Unhurried => CancellationToken.None;

    /// <summary>Answers every command, or throws when the outcome of those without an answer is unknown.</summary>
    public async Task CommitAsync()
    {
        var (left, looksAnew) = (commands.ToList(), false);
        for (var attempt = 0; attempt < ContendedStreamException.Attempts; attempt++)
        {
            left.RemoveAll(command => command.Answer.Task.IsCompleted);
            if (left.Count == 0) return;

            var guess = attempt == 0 && left.TrueForAll(command => command.Creates || command.Invocation.Mode == Mode.Refuse);
            var head = await store.LoadAsync<TState>(id, guess, Unhurried);
            var plan = await PlanAsync(head, left);
            // That there was nothing to do is not to be said of a stream that nobody has looked at.
            if (guess && plan.Commits.Exists(planned => planned.Commit is { To: RecordState.Done, Events.Count: 0 })) continue;
            // What is answered without a write is guarded by none: it is not to be said of what this process remembers from before.
            if (plan.Unwritten.Count > 0 && !looksAnew)
            {
                looksAnew = true;
                store.Forget(_stream);
                continue;
            }

            if (plan.Commits.Count > 0 && !await WriteAsync(head, plan)) continue;
            foreach (var answer in plan.Unwritten) answer();
            await Task.WhenAll(plan.Repeats.Select(repeat => RepeatAsync(repeat.Command, repeat.Record)));
            attempt = 0;
        }

        throw new ContendedStreamException(_stream);
    }

    private async Task<bool> WriteAsync(StreamHead<TState> head, Plan plan)
    {
        try
        {
            switch (await store.AppendAsync(head, plan.Commits.ConvertAll(planned => planned.Commit), Unhurried))
            {
                case AppendOutcome.Appended appended:
                    await publisher.PublishAsync(appended.Commits, Unhurried);
                    foreach (var (planned, commit) in plan.Commits.Zip(appended.Commits)) planned.Command.Answer.TrySetResult(AnswerOf(planned, commit));
                    return true;
                case AppendOutcome.Duplicate duplicate:
                    await Task.WhenAll(plan.Commits.Select(planned => planned.Command)
                        .Where(command => duplicate.CommandId is null || duplicate.CommandId == command.CommandId).Select(AnswerDuplicateAsync));
                    return false;
                default:
                    return false;
            }
        }
        catch (CommitTooLargeException e) when (plan.Commits is [var alone])
        {
            alone.Command.Answer.TrySetException(e);
            return true;
        }
        catch (CommitTooLargeException)
        {
            foreach (var half in plan.Commits.ConvertAll(planned => planned.Command).Chunk((plan.Commits.Count + 1) / 2))
                await new CommandGroup<TState>(store, publisher, id, half).CommitAsync();
            return true;
        }
    }

    /// <summary>What each command asks to be written on this head; one that meets another of its own id waits for it.</summary>
    private async Task<Plan> PlanAsync(StreamHead<TState> head, List<PendingCommand<TState>> left)
    {
        var records = await Task.WhenAll(left.Select(async command =>
            head.Find(command.CommandId) ?? (command.IsUndo || command.Invocation.OnlyRepeats || command.Invocation.HasStarted ? await store.FindRecordAsync(_stream, command.CommandId, Unhurried) : null)));
        var plan = new Plan([], [], []);
        var state = head.State;
        foreach (var (command, record) in left.Zip(records).DistinctBy(pair => pair.First.CommandId))
        {
            if (IsRepeat(command, record))
            {
                plan.Repeats.Add((command, record!));
            }
            else if (command.Invocation.OnlyRepeats)
            {
                command.Answer.TrySetResult(new Answer(false, "It was never carried out.", false, []));
            }
            else if (Decide(command, record, state, plan) is { } commit)
            {
                plan.Commits.Add(new Planned(command, commit));
                state = commit.Events.Aggregate(state, (before, e) => before.Evolve(e));
            }
        }

        return plan;
    }

    private static bool IsRepeat(PendingCommand<TState> command, CommandRecord? record) => command.IsUndo
        ? Barrier.OnUndo(record?.State ?? RecordState.None) == Passage.Repeat
        : Barrier.OnDo(record?.State ?? RecordState.None) != Passage.Go;

    /// <summary>Null when there is nothing to write: the decision throws, or refuses what must succeed. The plan has the answer.</summary>
    private static NewCommit? Decide(PendingCommand<TState> command, CommandRecord? record, TState state, Plan plan)
    {
        try
        {
            var found = record?.State ?? RecordState.None;
            var refuses = !command.IsUndo && command.Invocation.Mode == Mode.Refuse;
            var isBare = refuses || command.Invocation.Mode == Mode.Declare || (command.IsUndo && Barrier.OnUndo(found) == Passage.Tombstone);
            var events = isBare ? [] : command.Decide(state);
            var refusal = command.IsUndo ? null : events.OfType<IRefusal>().LastOrDefault();
            if (refusal is not null && command.Invocation.MustSucceed)
            {
                plan.Unwritten.Add(() => command.Answer.TrySetResult(new Answer(false, refusal.Reason, false, [])));
                return null;
            }

            var to = command.IsUndo || refuses ? RecordState.Undone : refusal is null ? RecordState.Done : RecordState.Refused;
            return new NewCommit(command.CommandId, found, to, events, refuses ? command.Invocation.Reason ?? Answer.Reverted : refusal?.Reason, command.Invocation.Context);
        }
        catch (Exception e)
        {
            plan.Unwritten.Add(() => command.Answer.TrySetException(e));
            return null;
        }
    }

    private async Task AnswerDuplicateAsync(PendingCommand<TState> command)
    {
        var record = await store.FindRecordAsync(_stream, command.CommandId, Unhurried);
        if (record is not null && IsRepeat(command, record)) await RepeatAsync(command, record);
        else if (record is { State: RecordState.Started }) command.Answer.TrySetException(new UnsettledEffectException(_stream, command.CommandId));
    }

    private async Task RepeatAsync(PendingCommand<TState> command, CommandRecord record)
    {
        try
        {
            var version = command.IsUndo ? record.UndoVersion : record.DoVersion;
            var commit = version == 0 ? null : await store.FindCommitAsync<TState>(id, version, Unhurried);
            if (commit is not null) await publisher.PublishAsync(commit, Unhurried);
            var tooLate = !command.IsUndo && Barrier.OnDo(record.State) == Passage.TooLate;
            command.Answer.TrySetResult(new Answer(
                command.IsUndo || record.State == RecordState.Done,
                command.IsUndo ? null : tooLate && command.Invocation.Mode != Mode.Refuse ? Answer.Reverted : record.Reason,
                tooLate,
                TokensOf(commit))
            { Repeated = true });
        }
        catch (Exception e)
        {
            command.Answer.TrySetException(e);
        }
    }

    private static Answer AnswerOf(Planned planned, Commit commit)
    {
        var refused = !planned.Command.IsUndo && planned.Commit.To == RecordState.Undone;
        return new Answer(planned.Commit.To != RecordState.Refused && !refused, planned.Commit.Reason, refused, TokensOf(commit));
    }

    private static string[] TokensOf(Commit? commit) => commit?.Events is [.., var last] ? [last.Position.ToString()] : [];

    private sealed record Planned(PendingCommand<TState> Command, NewCommit Commit);

    private sealed record Plan(List<Planned> Commits, List<(PendingCommand<TState> Command, CommandRecord Record)> Repeats, List<Action> Unwritten);
}

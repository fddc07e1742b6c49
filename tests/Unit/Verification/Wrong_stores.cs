using Atomic.EventSourcing;
using Atomic.Testing.EventStore;

namespace Atomic.Unit.Verification;

/// <summary>An undo of what was never done leaves nothing behind.</summary>
internal sealed class StoreWithoutTombstones(IEventStore inner) : ForwardingEventStore(inner)
{
    public override Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, IReadOnlyList<NewCommit> commits, CancellationToken cancellation) =>
        commits is [{ From: RecordState.None, To: RecordState.Undone } tombstone]
            ? Task.FromResult<AppendOutcome>(new AppendOutcome.Appended(new Commit(head.Stream, tombstone.CommandId, [])))
            : base.AppendAsync(head, commits, cancellation);
}

/// <summary>No record is kept of any command.</summary>
internal sealed class StoreWithoutRecords(IEventStore inner) : ForwardingEventStore(inner)
{
    private int _commits;

    public override async ValueTask<StreamHead<TState>> LoadAsync<TState>(string id, bool likelyNew, CancellationToken cancellation) =>
        await base.LoadAsync<TState>(id, likelyNew, cancellation) with { Recent = [] };

    public override Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, IReadOnlyList<NewCommit> commits, CancellationToken cancellation) =>
        base.AppendAsync(head, [.. commits.Select(commit => commit with { CommandId = $"{commit.CommandId}~{_commits++}", From = RecordState.None })], cancellation);

    public override Task<CommandRecord?> FindRecordAsync(StreamId stream, string commandId, CancellationToken cancellation) =>
        Task.FromResult<CommandRecord?>(null);
}

/// <summary>What is undone looks as if it were still done.</summary>
internal sealed class StoreThatForgetsUndos(IEventStore inner) : ForwardingEventStore(inner)
{
    private int _undos;

    public override async ValueTask<StreamHead<TState>> LoadAsync<TState>(string id, bool likelyNew, CancellationToken cancellation)
    {
        var head = await base.LoadAsync<TState>(id, likelyNew, cancellation);
        return head with { Recent = [.. head.Recent.Select(AsDone)] };
    }

    public override Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, IReadOnlyList<NewCommit> commits, CancellationToken cancellation) =>
        base.AppendAsync(head, [.. commits.Select(commit => commit.From == RecordState.Done
            ? commit with { CommandId = $"{commit.CommandId}~{_undos++}", From = RecordState.None }
            : commit)], cancellation);

    public override async Task<CommandRecord?> FindRecordAsync(StreamId stream, string commandId, CancellationToken cancellation) =>
        await base.FindRecordAsync(stream, commandId, cancellation) is { } record ? AsDone(record) : null;

    private static CommandRecord AsDone(CommandRecord record) =>
        record is { State: RecordState.Undone, DoVersion: > 0 } ? record with { State = RecordState.Done } : record;
}

/// <summary>Tells whose effect has been written.</summary>
internal sealed class StoreThatTells(IEventStore inner, Action<string> wrote) : ForwardingEventStore(inner)
{
    public override async Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, IReadOnlyList<NewCommit> commits, CancellationToken cancellation)
    {
        var outcome = await base.AppendAsync(head, commits, cancellation);
        foreach (var commit in commits.Where(commit => outcome is AppendOutcome.Appended && commit.To == RecordState.Done)) wrote(commit.CommandId);
        return outcome;
    }
}

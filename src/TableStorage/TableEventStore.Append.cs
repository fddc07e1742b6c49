using Atomic.EventSourcing;
using Atomic.TableStorage.Rows;
using Azure;

namespace Atomic.TableStorage;

internal sealed partial class TableEventStore
{
    private const int HeadRowIndex = 0;

    public async Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, NewCommit commit, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        cancellation.ThrowIfCancellationRequested();
        var append = new Append<TState>(head, commit, time.GetUtcNow(), Guid.NewGuid().ToString("N"));
        var known = head.Find(commit.CommandId);
        if (known is not null && known.State != commit.From) return new AppendOutcome.Duplicate();
        try
        {
            if (commit is { From: RecordState.None, Events.Count: 0 }) return await LeaveRecordAsync(append, cancellation);
            return await WriteAsync(append, known, cancellation);
        }
        catch
        {
            // Whether it was written is unknown, and so is the head.
            _warm.Evict(head.Stream);
            throw;
        }
    }

    /// <summary>The record alone. It says nothing about the stream, and so the head neither guards it nor changes.</summary>
    private async Task<AppendOutcome> LeaveRecordAsync<TState>(Append<TState> append, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        var row = RecordRow.Of(append.Keys, RecordRow.After(null, append.New, append.Version), append.CommitId);
        var table = tables[append.Stream.Category];
        if (await table.InsertAsync(row, cancellation) is not null) return new AppendOutcome.Appended(append.Commit);
        var stored = await table.FindAsync(row.PartitionKey, row.RowKey, cancellation);
        return stored is not null && RecordRow.CommitId(stored) == append.CommitId
            ? new AppendOutcome.Appended(append.Commit)
            : new AppendOutcome.Duplicate();
    }

    private async Task<AppendOutcome> WriteAsync<TState>(Append<TState> append, CommandRecord? known, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        var (table, guard) = (tables[append.Stream.Category], ETag.All);
        if (append.New.From != RecordState.None && known is null)
        {
            // Older than what the head remembers: its own row tells whether it is as expected, and guards it.
            var row = await table.FindAsync(append.Keys.Partition, append.Keys.Record(append.New.CommandId), cancellation);
            if (row is null) return new AppendOutcome.Duplicate();
            (known, guard) = (RecordRow.Read(row, append.New.CommandId), row.ETag);
            if (known.State != append.New.From) return new AppendOutcome.Duplicate();
        }

        var record = RecordRow.After(known, append.New, append.Version);
        if (append.Before.Tag is null && append.New.Events.Count == 0)
        {
            var row = RecordRow.Of(append.Keys, record, append.CommitId);
            var replaced = await table.ReplaceAsync(row, guard.ToString(), cancellation);
            return replaced is null ? new AppendOutcome.Duplicate() : new AppendOutcome.Appended(append.Commit);
        }

        var actions = append.Actions(record, guard, out var recent, out var snapshotVersion);
        var result = await table.SubmitAsync(actions, cancellation);
        if (result.RefusedRow is null)
        {
            _warm.Put(append.Stream, append.After(recent, new HeadTag(snapshotVersion, result.FirstETag!)));
            return new AppendOutcome.Appended(append.Commit);
        }

        if (result.RefusedRow == HeadRowIndex) return await ConflictAsync(append, cancellation);
        var refused = actions[result.RefusedRow.Value].Entity.RowKey;
        if (refused == append.Keys.Record(append.New.CommandId)) return new AppendOutcome.Duplicate();
        throw new StreamDamagedException(append.Stream, $"its end at version {append.Before.Version}", "a commit after it");
    }

    /// <summary>
    /// The head is not as it was loaded. Either another writer was first, or an earlier try of this very append got through and only its
    /// reply was lost: then the head carries this commit's id. What was read is kept, so that deciding again costs no further read.
    /// </summary>
    private async Task<AppendOutcome> ConflictAsync<TState>(Append<TState> append, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        var (head, commitId) = await ReadHeadAsync<TState>(append.Stream, cancellation);
        if (head.Tag is null) _warm.Evict(append.Stream);
        else _warm.Put(append.Stream, head);
        return commitId == append.CommitId ? new AppendOutcome.Appended(append.Commit) : new AppendOutcome.Conflict();
    }
}

using Atomic.EventSourcing;
using Atomic.TableStorage.Rows;
using Azure;
using Azure.Data.Tables;

namespace Atomic.TableStorage;

internal sealed partial class TableEventStore
{
    private const int HeadRowIndex = 0;

    public Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, NewCommit commit, CancellationToken cancellation)
        where TState : IAggregate<TState> => AppendAsync(head, [commit], cancellation);

    public async Task<AppendOutcome> AppendAsync<TState>(
        StreamHead<TState> head, IReadOnlyList<NewCommit> commits, CancellationToken cancellation) where TState : IAggregate<TState>
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfZero(commits.Count);
        var append = new Append<TState>(head, commits, time.GetUtcNow(), Guid.NewGuid().ToString("N"));
        if (commits.FirstOrDefault(commit => head.Find(commit.CommandId) is { } known && known.State != commit.From) is { } duplicate)
            return new AppendOutcome.Duplicate(duplicate.CommandId);
        try
        {
            return await FindKnownAsync(append, cancellation) switch
            {
                (_, { } stranger) => new AppendOutcome.Duplicate(stranger),
                var (known, _) when append is { ChangesHead: false, New.Count: 1 } => await WriteRecordAsync(append, known, cancellation),
                var (known, _) => await WriteAsync(append, known, cancellation),
            };
        }
        catch
        {
            // Whether it was written is unknown, and so is the head.
            _warm.Evict(head.Stream);
            throw;
        }
    }

    /// <summary>The records that are to be replaced, or the command of which there is none in the state expected.</summary>
    private async Task<(Dictionary<string, (CommandRecord Record, ETag Guard)> Known, string? Stranger)> FindKnownAsync<TState>(
        Append<TState> append, CancellationToken cancellation) where TState : IAggregate<TState>
    {
        var known = new Dictionary<string, (CommandRecord Record, ETag Guard)>();
        foreach (var commit in append.New.Where(commit => commit.From != RecordState.None))
        {
            if (append.Before.Find(commit.CommandId) is { } recent)
            {
                known[commit.CommandId] = (recent, ETag.All);
                continue;
            }

            // Older than what the head remembers: its own row tells whether it is as expected, and guards it.
            var row = await tables[append.Stream.Category].FindAsync(append.Keys.Partition, append.Keys.Record(commit.CommandId), cancellation);
            if (row is null || RecordRow.Read(row, commit.CommandId) is not { } record || record.State != commit.From) return (known, commit.CommandId);
            known[commit.CommandId] = (record, row.ETag);
        }

        return (known, null);
    }

    /// <summary>A record alone, without a transaction around it.</summary>
    private async Task<AppendOutcome> WriteRecordAsync<TState>(
        Append<TState> append, Dictionary<string, (CommandRecord Record, ETag Guard)> known, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        var (table, command) = (tables[append.Stream.Category], append.New[0].CommandId);
        var row = (TableEntity)append.Actions(known, out _, out _)[0].Entity;
        var written = append.New[0].From == RecordState.None
            ? await table.InsertAsync(row, cancellation)
            : await table.ReplaceAsync(row, known[command].Guard.ToString(), cancellation);
        return written is not null ? append.Done : await RefusedRecordAsync(append, command, cancellation);
    }

    private async Task<AppendOutcome> WriteAsync<TState>(
        Append<TState> append, Dictionary<string, (CommandRecord Record, ETag Guard)> known, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        var actions = append.Actions(known, out var recent, out var snapshotVersion);
        var result = await tables[append.Stream.Category].SubmitAsync(actions, cancellation);
        if (result.RefusedRow is not { } refused)
        {
            if (append.ChangesHead) _warm.Put(append.Stream, append.After(recent, new HeadTag(snapshotVersion, result.FirstETag!)));
            return append.Done;
        }

        if (append.ChangesHead && refused == HeadRowIndex) return await ConflictAsync(append, cancellation);
        var command = append.New.FirstOrDefault(commit => append.Keys.Record(commit.CommandId) == actions[refused].Entity.RowKey)?.CommandId;
        if (command is null) throw new StreamDamagedException(append.Stream, $"its end at version {append.Before.Version}", "a commit after it");
        return append.ChangesHead ? new AppendOutcome.Duplicate(command) : await RefusedRecordAsync(append, command, cancellation);
    }

    /// <summary>Without a head to tell, the record's own row tells whether an earlier try of this append got through.</summary>
    private async Task<AppendOutcome> RefusedRecordAsync<TState>(Append<TState> append, string command, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        var stored = await tables[append.Stream.Category].FindAsync(append.Keys.Partition, append.Keys.Record(command), cancellation);
        return stored is not null && RecordRow.CommitId(stored) == append.Id ? append.Done : new AppendOutcome.Duplicate(command);
    }

    /// <summary>
    /// The head is not as it was loaded. Either another writer was first, or an earlier try of this very append got through and only its
    /// reply was lost: then the head carries this append's id. What was read is kept, so that deciding again costs no further read.
    /// </summary>
    private async Task<AppendOutcome> ConflictAsync<TState>(Append<TState> append, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        var (head, writer) = await ReadHeadAsync<TState>(append.Stream, cancellation);
        if (head.Tag is null) _warm.Evict(append.Stream);
        else _warm.Put(append.Stream, head);
        return writer == append.Id ? append.Done : new AppendOutcome.Conflict();
    }
}

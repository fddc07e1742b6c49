using Atomic.EventSourcing;
using Atomic.TableStorage.Rows;
using Atomic.TableStorage.Tables;
using Azure;
using Azure.Data.Tables;

namespace Atomic.TableStorage;

/// <summary>One append on its way: the commits, the head they stand on, and the rows that they write.</summary>
internal sealed class Append<TState> where TState : IAggregate<TState>
{
    // Of the 4 MiB of an entity group transaction, binary travels as text a third longer than it is; some is left for what is around it.
    private const long MostBytes = 3_900_000;

    /// <exception cref="CommitTooLargeException">The stream's id makes no key.</exception>
    /// <exception cref="ArgumentException">An event is none of the aggregate's.</exception>
    public Append(StreamHead<TState> before, IReadOnlyList<NewCommit> commits, DateTimeOffset at, string id)
    {
        (Before, New, Id, Version, State) = (before, commits, id, before.Version, before.State);
        Keys = new StreamKeys(before.Stream);
        Commits = [.. commits.Select(commit => Next(commit, at))];
    }

    public StreamHead<TState> Before { get; }

    public IReadOnlyList<NewCommit> New { get; }

    public IReadOnlyList<Commit> Commits { get; }

    /// <summary>In every row that the append writes: by it a writer recognises itself.</summary>
    public string Id { get; }

    public StreamKeys Keys { get; }

    public StreamId Stream => Before.Stream;

    /// <summary>
    /// Whether the head is written, and so guards the rest. A do that wrote no events says what the stream was like, and an older head may have
    /// said otherwise. A tombstone, or that an effect begins, says nothing about the stream; and where there is no stream, no record does.
    /// </summary>
    public bool ChangesHead => New.Any(commit => commit.Events.Count > 0 || (Before.Tag is not null && (commit.From != RecordState.None || commit.To == RecordState.Done)));

    public AppendOutcome Done => new AppendOutcome.Appended(Commits);

    private long Version { get; set; }

    private TState State { get; set; }

    public StreamHead<TState> After(IReadOnlyList<CommandRecord> recent, HeadTag tag) => new(Stream, Version, State, recent, $"{tag}");

    /// <summary>The rows of the entity group transaction, the head first when it is among them.</summary>
    /// <param name="known">The records that are to be replaced, each with the ETag that guards its row, by command.</param>
    /// <exception cref="CommitTooLargeException">Events, state or a key exceed a limit, or all together those of a transaction.</exception>
    public List<TableTransactionAction> Actions(
        IReadOnlyDictionary<string, (CommandRecord Record, ETag Guard)> known, out IReadOnlyList<CommandRecord> recent, out long snapshotVersion)
    {
        (recent, snapshotVersion) = (Before.Recent, 0);
        var rows = new List<TableTransactionAction>();
        var commitBytes = 0L;
        foreach (var (commit, written) in New.Zip(Commits))
        {
            var commitRows = written.Events.Count == 0 ? [] : CommitRows.Of(Keys, written, Id);
            commitBytes += commitRows.Sum(RowSize.InStorage);
            rows.AddRange(commitRows.Select(TableBatch.Insert));
            var (record, guard) = RecordOf(commit, written, known);
            rows.Add(commit.From == RecordState.None ? TableBatch.Insert(RecordRow.Of(Keys, record, Id)) : TableBatch.Replace(RecordRow.Of(Keys, record, Id), guard));
            if (commit.From != RecordState.None || written.Events.Count > 0) recent = RecentRecords.After(recent, record);
        }

        if (!ChangesHead) return Checked(rows);
        var tag = Before.Tag is null ? default : HeadTag.Parse(Before.Tag);
        var head = HeadRow.Of(Keys, Version, Id, recent);
        var state = Version == Before.Version ? null : Snapshot.Due(Before, After(recent, tag), tag.SnapshotVersion, commitBytes);
        var snapshot = state is null ? [] : Snapshot.Put<TState>(head, Keys, Version, state);
        snapshotVersion = state is null ? tag.SnapshotVersion : Version;
        return Checked([HeadAction(head, isWhole: state is not null, tag), .. rows, .. snapshot.Select(TableBatch.Put)]);
    }

    private Commit Next(NewCommit commit, DateTimeOffset at)
    {
        var events = commit.Events.Select((e, index) => new RecordedEvent(Stream, Version + index + 1, TState.Events.NameOf(e), e, commit.Context, at)).ToList();
        (Version, State) = (Version + events.Count, commit.Events.Aggregate(State, (state, e) => state.Evolve(e)));
        return new Commit(Stream, commit.CommandId, events);
    }

    private static (CommandRecord Record, ETag Guard) RecordOf(
        NewCommit commit, Commit written, IReadOnlyDictionary<string, (CommandRecord Record, ETag Guard)> known)
    {
        var (before, guard) = known.GetValueOrDefault(commit.CommandId);
        return (RecordRow.After(before, commit, written.Events is [.., var last] ? last.Version : 0), guard);
    }

    private List<TableTransactionAction> Checked(List<TableTransactionAction> rows)
    {
        // A single commit has limits of its own, checked before; these are met by commits that are written together.
        if (rows.Count > TableLimits.BatchRows) throw new CommitTooLargeException(Stream, "The number of rows of an append", rows.Count, TableLimits.BatchRows);
        var bytes = New.Count == 1 ? 0 : rows.Sum(row => RowSize.InBatch((TableEntity)row.Entity));
        return bytes <= MostBytes ? rows : throw new CommitTooLargeException(Stream, "The size of an append, in bytes,", bytes, MostBytes);
    }

    // A head that comes without a state leaves the stored one where it is.
    private TableTransactionAction HeadAction(TableEntity head, bool isWhole, HeadTag tag)
    {
        if (Before.Tag is null) return TableBatch.Insert(head);
        return isWhole ? TableBatch.Replace(head, new ETag(tag.ETag)) : TableBatch.Merge(head, new ETag(tag.ETag));
    }
}

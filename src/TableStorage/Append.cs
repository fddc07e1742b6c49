using Atomic.EventSourcing;
using Atomic.TableStorage.Rows;
using Atomic.TableStorage.Tables;
using Azure;
using Azure.Data.Tables;

namespace Atomic.TableStorage;

/// <summary>One append on its way: the commit, the head it stands on, and the rows that it writes.</summary>
internal sealed class Append<TState> where TState : IAggregate<TState>
{
    /// <exception cref="CommitTooLargeException">The stream's id makes no key.</exception>
    /// <exception cref="ArgumentException">An event is none of the aggregate's.</exception>
    public Append(StreamHead<TState> before, NewCommit commit, DateTimeOffset at, string commitId)
    {
        (Before, New, CommitId) = (before, commit, commitId);
        Keys = new StreamKeys(before.Stream);
        var events = commit.Events.Select((e, index) => new RecordedEvent(
            before.Stream, before.Version + index + 1, TState.Events.NameOf(e), e, commit.Context, at));
        Commit = new Commit(before.Stream, commit.CommandId, [.. events]);
        State = commit.Events.Aggregate(before.State, (state, e) => state.Evolve(e));
    }

    public StreamHead<TState> Before { get; }

    public NewCommit New { get; }

    public Commit Commit { get; }

    public string CommitId { get; }

    public StreamKeys Keys { get; }

    public StreamId Stream => Before.Stream;

    public long Version => Before.Version + New.Events.Count;

    private TState State { get; }

    public StreamHead<TState> After(IReadOnlyList<CommandRecord> recent, HeadTag tag) => new(Stream, Version, State, recent, $"{tag}");

    /// <summary>The rows of the entity group transaction, the head first.</summary>
    /// <param name="guard">What the record's row must still be, where there is one.</param>
    /// <exception cref="CommitTooLargeException">Events, state or a key exceed a limit.</exception>
    public List<TableTransactionAction> Actions(
        CommandRecord record, ETag guard, out IReadOnlyList<CommandRecord> recent, out long snapshotVersion)
    {
        recent = RecentRecords.After(Before.Recent, record);
        var commit = New.Events.Count == 0 ? [] : CommitRows.Of(Keys, Commit, CommitId);
        var head = HeadRow.Of(Keys, Version, CommitId, recent);
        var tag = Before.Tag is null ? default : HeadTag.Parse(Before.Tag);
        var state = New.Events.Count == 0
            ? null
            : Snapshot.Due(Before, After(recent, tag), tag.SnapshotVersion, commit.Sum(RowSize.InStorage));
        var snapshot = state is null ? [] : Snapshot.Put<TState>(head, Keys, Version, state);
        snapshotVersion = state is null ? tag.SnapshotVersion : Version;

        var recordRow = RecordRow.Of(Keys, record, CommitId);
        return
        [
            HeadAction(head, isWhole: state is not null, tag),
            .. commit.Select(TableBatch.Insert),
            New.From == RecordState.None ? TableBatch.Insert(recordRow) : TableBatch.Replace(recordRow, guard),
            .. snapshot.Select(TableBatch.Put),
        ];
    }

    // A head that comes without a state leaves the stored one where it is.
    private TableTransactionAction HeadAction(TableEntity head, bool isWhole, HeadTag tag)
    {
        if (Before.Tag is null) return TableBatch.Insert(head);
        return isWhole ? TableBatch.Replace(head, new ETag(tag.ETag)) : TableBatch.Merge(head, new ETag(tag.ETag));
    }
}

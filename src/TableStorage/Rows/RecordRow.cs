using Atomic.EventSourcing;
using Azure.Data.Tables;

namespace Atomic.TableStorage.Rows;

/// <summary>The row of a command's record: inbox, pointer to what is to be published, and barrier.</summary>
internal static class RecordRow
{
    public static TableEntity Of(StreamKeys keys, CommandRecord record, string commitId)
    {
        var row = new TableEntity(keys.Partition, keys.Record(record.CommandId))
        {
            ["State"] = record.State.ToString(),
            ["DoVersion"] = record.DoVersion,
            ["UndoVersion"] = record.UndoVersion,
            ["CommitId"] = commitId,
        };
        if (record.Reason is not null) row["Reason"] = record.Reason;
        return row;
    }

    public static CommandRecord Read(TableEntity row, string commandId) => new(
        commandId,
        Enum.Parse<RecordState>(row.GetString("State")),
        row.GetInt64("DoVersion") ?? 0,
        row.GetInt64("UndoVersion") ?? 0,
        row.GetString("Reason"));

    public static string CommitId(TableEntity row) => row.GetString("CommitId");

    /// <summary>The record as <paramref name="commit"/> leaves it.</summary>
    /// <param name="version">The stream's version after its events.</param>
    public static CommandRecord After(CommandRecord? before, NewCommit commit, long version)
    {
        var record = before ?? new CommandRecord(commit.CommandId, RecordState.None, 0, 0, null);
        record = record with { State = commit.To, Reason = commit.Reason ?? record.Reason };
        if (commit.Events.Count == 0) return record;
        return commit.To == RecordState.Undone ? record with { UndoVersion = version } : record with { DoVersion = version };
    }
}

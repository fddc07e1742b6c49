using Atomic.EventSourcing;
using Azure.Data.Tables;

namespace Atomic.TableStorage.Rows;

/// <summary>The newest of a stream. Its ETag guards every append.</summary>
/// <param name="CommitId">Of the commit that wrote it last, by which a writer recognises itself.</param>
internal sealed record HeadRow(
    long Version, string CommitId, long StateVersion, string? Schema, int SnapshotRows, byte[]? State, byte[] Recent, string ETag)
{
    public static TableEntity Of(StreamKeys keys, long version, string commitId, IReadOnlyList<CommandRecord> recent)
    {
        var row = new TableEntity(keys.Partition, keys.Head) { ["Version"] = version, ["CommitId"] = commitId };
        Binary.Put(row, "Recent", RecentRecords.Write(recent));
        return row;
    }

    public static HeadRow Read(TableEntity row) => new(
        row.GetInt64("Version")!.Value,
        row.GetString("CommitId"),
        row.GetInt64("StateVersion") ?? 0,
        row.GetString("Schema"),
        row.GetInt32("SnapshotRows") ?? 0,
        Binary.Get(row, "State"),
        Binary.Get(row, "Recent")!,
        row.ETag.ToString());
}

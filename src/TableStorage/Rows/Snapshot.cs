using System.Text.Json;
using Atomic.EventSourcing;
using Azure.Data.Tables;

namespace Atomic.TableStorage.Rows;

/// <summary>
/// When and where a state is written. A small one rides on every append, so that no load reads events; a larger one is written every 50
/// versions, in the head while it fits, and in rows of its own beyond that.
/// </summary>
internal static class Snapshot
{
    /// <summary>The largest state that can be stored, in bytes after compression.</summary>
    public const int MaxBytes = 1024 * 1024;

    public const int EveryAppendBytes = 16 * 1024;
    public const int InHeadBytes = 200 * 1024;
    public const int Interval = 50;

    // Of the 4 MiB of an entity group transaction, binary travels as text a third longer than it is.
    private const int TransactionBytes = 2_800_000;

    /// <summary>The state as it is to be written now; null when it is not its time.</summary>
    /// <param name="stored">Up to which version the stored state goes.</param>
    /// <param name="commitBytes">What the same entity group transaction carries besides.</param>
    /// <exception cref="CommitTooLargeException">It exceeds <see cref="MaxBytes"/>.</exception>
    public static byte[]? Due<TState>(StreamHead<TState> before, StreamHead<TState> after, long stored, long commitBytes)
    {
        var due = stored == 0 || after.Version - stored >= Interval;
        if (!due && stored < before.Version) return null;

        var state = Packed.Pack(JsonSerializer.SerializeToUtf8Bytes(after.State, StorageJson.Options));
        if (state.Length > MaxBytes)
            throw new CommitTooLargeException(after.Stream, "The size of the state, in compressed bytes,", state.Length, MaxBytes);
        return state.Length <= EveryAppendBytes || (due && commitBytes + state.Length <= TransactionBytes) ? state : null;
    }

    /// <summary>Puts the state into the head, or returns the rows that are to hold it.</summary>
    public static IReadOnlyList<TableEntity> Put<TState>(TableEntity head, StreamKeys keys, long version, byte[] state)
    {
        head["StateVersion"] = version;
        head["Schema"] = StateSchema<TState>.Hash;
        if (state.Length <= InHeadBytes)
        {
            Binary.Put(head, "State", state);
            return [];
        }

        var rows = Binary.Pieces(state).Select((piece, part) => RowOf(keys, version, part, piece)).ToList();
        head["SnapshotRows"] = rows.Count;
        return rows;
    }

    /// <summary>The version whose state the row holds part of.</summary>
    public static long VersionOf(TableEntity row) => row.GetInt64("StateVersion")!.Value;

    public static byte[] Join(IEnumerable<TableEntity> rows) => [.. rows.SelectMany(row => Binary.Get(row, "State")!)];

    public static TState Read<TState>(byte[] state) => JsonSerializer.Deserialize<TState>(Packed.Unpack(state).Span, StorageJson.Options)!;

    private static TableEntity RowOf(StreamKeys keys, long version, int part, ReadOnlyMemory<byte> piece)
    {
        var row = new TableEntity(keys.Partition, keys.Snapshot(part)) { ["StateVersion"] = version };
        Binary.Put(row, "State", piece);
        return row;
    }
}

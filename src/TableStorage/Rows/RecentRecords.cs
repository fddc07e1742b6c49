using System.Buffers;
using System.Text.Json;
using Atomic.EventSourcing;

namespace Atomic.TableStorage.Rows;

/// <summary>The records of a stream's last commands, as its head carries them: an array each, in the order of their properties.</summary>
internal static class RecentRecords
{
    // A record with a longer reason is left to its own row, so that a head stays small whatever people write.
    private const int LongestReason = 1024;

    public static byte[] Write(IReadOnlyList<CommandRecord> records)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * (records.Count + 1));
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var record in records)
            {
                json.WriteStartArray();
                json.WriteStringValue(record.CommandId);
                json.WriteNumberValue((int)record.State);
                json.WriteNumberValue(record.DoVersion);
                json.WriteNumberValue(record.UndoVersion);
                if (record.Reason is not null) json.WriteStringValue(record.Reason);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        return Packed.Pack(buffer.WrittenSpan);
    }

    public static List<CommandRecord> Read(byte[] packed)
    {
        using var json = JsonDocument.Parse(Packed.Unpack(packed));
        var records = new List<CommandRecord>(StreamHead<object>.RecentCapacity);
        foreach (var record in json.RootElement.EnumerateArray())
        {
            var reason = record.GetArrayLength() > 4 ? record[4].GetString() : null;
            records.Add(new CommandRecord(
                record[0].GetString()!, (RecordState)record[1].GetInt32(), record[2].GetInt64(), record[3].GetInt64(), reason));
        }

        return records;
    }

    /// <summary>The records once <paramref name="record"/> is the newest.</summary>
    public static IReadOnlyList<CommandRecord> After(IReadOnlyList<CommandRecord> records, CommandRecord record)
    {
        var others = records.Where(other => other.CommandId != record.CommandId);
        return record.Reason?.Length > LongestReason ? [.. others] : [.. others.TakeLast(StreamHead<object>.RecentCapacity - 1), record];
    }
}

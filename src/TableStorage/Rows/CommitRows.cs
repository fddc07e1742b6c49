using System.Buffers;
using System.Text.Json;
using Atomic.EventSourcing;
using Azure.Data.Tables;

namespace Atomic.TableStorage.Rows;

/// <summary>A commit's row: all events of one command. What does not fit into one row goes on in rows that hold nothing else.</summary>
internal static class CommitRows
{
    /// <summary>The most that the events of one commit may take as JSON, in bytes.</summary>
    public const int MaxBytes = 2 * 1024 * 1024;

    /// <exception cref="CommitTooLargeException">The events take more than <see cref="MaxBytes"/>.</exception>
    public static IReadOnlyList<TableEntity> Of(StreamKeys keys, Commit commit, string commitId)
    {
        var pieces = Binary.Pieces(Pack(commit)).ToList();
        var version = commit.Events[^1].Version;
        var rows = pieces.Select((_, part) => new TableEntity(keys.Partition, keys.Commit(version, part))).ToList();
        for (var part = 0; part < pieces.Count; part++) Binary.Put(rows[part], "Data", pieces[part]);

        var (first, context) = (commit.Events[0], commit.Events[0].Context);
        rows[0]["First"] = first.Version;
        rows[0]["Parts"] = pieces.Count;
        rows[0]["CommandId"] = commit.CommandId;
        rows[0]["CommitId"] = commitId;
        rows[0]["At"] = first.At;
        rows[0]["Correlation"] = context.CorrelationId;
        rows[0]["Causation"] = context.CausationId;
        if (context.TraceParent is not null) rows[0]["TraceParent"] = context.TraceParent;
        if (context.Actor is not null) rows[0]["Actor"] = context.Actor;
        return rows;
    }

    /// <summary>How many rows the commit takes, which its first one tells.</summary>
    public static int Parts(TableEntity row) => row.GetInt32("Parts") ?? 1;

    /// <exception cref="UnreadableEventException">It holds an event that this code does not know, or whose data do not fit it.</exception>
    public static Commit Read<TState>(StreamId stream, IReadOnlyList<TableEntity> rows) where TState : IAggregate<TState>
    {
        var row = rows[0];
        var bytes = rows.Count == 1 ? Binary.Get(row, "Data")! : [.. rows.SelectMany(part => Binary.Get(part, "Data")!)];
        var context = new EventContext(
            row.GetString("Correlation"), row.GetString("Causation"), row.GetString("TraceParent"), row.GetString("Actor"));
        var (version, at) = (row.GetInt64("First")!.Value, row.GetDateTimeOffset("At")!.Value);
        using var json = JsonDocument.Parse(Packed.Unpack(bytes));
        var events = new List<RecordedEvent>(json.RootElement.GetArrayLength());
        foreach (var stored in json.RootElement.EnumerateArray())
        {
            var type = stored[0].GetString()!;
            events.Add(new RecordedEvent(stream, version, type, EventOf<TState>(type, stored[1], new StreamPosition(stream, version), at), context, at));
            version++;
        }

        return new Commit(stream, row.GetString("CommandId"), events);
    }

    private static IEvent EventOf<TState>(string type, JsonElement data, StreamPosition position, DateTimeOffset at) where TState : IAggregate<TState>
    {
        try
        {
            return TState.Events.Read(type, data);
        }
        catch (Exception e) when (e is UnknownEventException or JsonException)
        {
            throw new UnreadableEventException(position, at, e);
        }
    }

    // An array of [type with its schema version, data], in the order of the events.
    private static byte[] Pack(Commit commit)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = StorageJson.Options.Encoder }))
        {
            json.WriteStartArray();
            foreach (var e in commit.Events)
            {
                json.WriteStartArray();
                json.WriteStringValue(e.Type);
                JsonSerializer.Serialize(json, e.Data, e.Data.GetType(), StorageJson.Options);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        return buffer.WrittenCount <= MaxBytes
            ? Packed.Pack(buffer.WrittenSpan)
            : throw new CommitTooLargeException(commit.Stream, "The size of one commit's events, in bytes,", buffer.WrittenCount, MaxBytes);
    }
}

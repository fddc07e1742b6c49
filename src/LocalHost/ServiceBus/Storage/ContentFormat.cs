using System.Text;
using Atomic.LocalHost.ServiceBus.Entities;

namespace Atomic.LocalHost.ServiceBus.Storage;

/// <summary>The stored form of a message's content. The body comes last, so that in memory it is a slice of what was read.</summary>
internal static class ContentFormat
{
    private const byte Version = 1;

    /// <exception cref="NotSupportedException">An application property is of a type that Service Bus does not carry.</exception>
    public static Content Store(Content content)
    {
        using var stream = new MemoryStream(content.Body.Length + 256);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Version);
        writer.Write(content.MessageId);
        foreach (var text in Texts(content)) WriteText(writer, text);
        writer.Write(content.TimeToLive.Ticks);
        writer.Write(content.ScheduledEnqueueTime.UtcTicks);
        writer.Write(content.Properties.Count);
        foreach (var (name, value) in content.Properties)
        {
            writer.Write(name);
            PropertyFormat.Write(writer, name, value);
        }

        writer.Write(content.Body.Span);
        var stored = stream.ToArray();
        return content with { Stored = stored, Body = stored.AsMemory(stored.Length - content.Body.Length) };
    }

    /// <exception cref="InvalidDataException">It was stored by a version that this one does not know.</exception>
    public static Content Read(byte[] stored)
    {
        using var stream = new MemoryStream(stored, writable: false);
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        if (reader.ReadByte() is var version && version != Version) throw new InvalidDataException($"A message is stored in the unknown form {version}.");
        var content = new Content
        {
            MessageId = reader.ReadString(),
            SessionId = ReadText(reader),
            ReplyToSessionId = ReadText(reader),
            PartitionKey = ReadText(reader),
            TransactionPartitionKey = ReadText(reader),
            CorrelationId = ReadText(reader),
            Subject = ReadText(reader),
            To = ReadText(reader),
            ContentType = ReadText(reader),
            ReplyTo = ReadText(reader),
            TimeToLive = new TimeSpan(reader.ReadInt64()),
            ScheduledEnqueueTime = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
            Properties = ReadProperties(reader),
        };
        return content with { Stored = stored, Body = stored.AsMemory((int)stream.Position) };
    }

    private static string?[] Texts(Content content) =>
    [
        content.SessionId, content.ReplyToSessionId, content.PartitionKey, content.TransactionPartitionKey, content.CorrelationId,
        content.Subject, content.To, content.ContentType, content.ReplyTo,
    ];

    private static Dictionary<string, object?> ReadProperties(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        var properties = new Dictionary<string, object?>(count);
        for (var read = 0; read < count; read++) properties.Add(reader.ReadString(), PropertyFormat.Read(reader));
        return properties;
    }

    private static void WriteText(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null) writer.Write(text);
    }

    private static string? ReadText(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;
}

namespace Atomic.LocalHost.ServiceBus.Storage;

/// <summary>The types of application properties that Service Bus carries. A code that was once stored keeps its meaning.</summary>
internal static class PropertyFormat
{
    /// <exception cref="NotSupportedException">Service Bus does not carry that type.</exception>
    public static void Write(BinaryWriter writer, string name, object? value)
    {
        switch (value)
        {
            case null: Code(0); break;
            case string text: Code(1).Write(text); break;
            case bool flag: Code(2).Write(flag); break;
            case int number: Code(3).Write(number); break;
            case long number: Code(4).Write(number); break;
            case double number: Code(5).Write(number); break;
            case decimal number: Code(6).Write(number); break;
            case Guid id: Code(7).Write(id.ToByteArray()); break;
            case DateTimeOffset time: Code(8).Write(time.UtcTicks); break;
            case DateTime time: Code(9).Write(time.ToBinary()); break;
            case TimeSpan span: Code(10).Write(span.Ticks); break;
            case Uri uri: Code(11).Write(uri.OriginalString); break;
            case byte number: Code(12).Write(number); break;
            case sbyte number: Code(13).Write(number); break;
            case short number: Code(14).Write(number); break;
            case ushort number: Code(15).Write(number); break;
            case uint number: Code(16).Write(number); break;
            case ulong number: Code(17).Write(number); break;
            case float number: Code(18).Write(number); break;
            case char character: Code(19).Write((ushort)character); break;
            default: throw new NotSupportedException($"The application property '{name}' is a {value.GetType()}, which Service Bus does not carry.");
        }

        BinaryWriter Code(byte code)
        {
            writer.Write(code);
            return writer;
        }
    }

    public static object? Read(BinaryReader reader) => reader.ReadByte() switch
    {
        0 => null,
        1 => reader.ReadString(),
        2 => reader.ReadBoolean(),
        3 => reader.ReadInt32(),
        4 => reader.ReadInt64(),
        5 => reader.ReadDouble(),
        6 => reader.ReadDecimal(),
        7 => new Guid(reader.ReadBytes(16)),
        8 => new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
        9 => DateTime.FromBinary(reader.ReadInt64()),
        10 => new TimeSpan(reader.ReadInt64()),
        11 => new Uri(reader.ReadString(), UriKind.RelativeOrAbsolute),
        12 => reader.ReadByte(),
        13 => reader.ReadSByte(),
        14 => reader.ReadInt16(),
        15 => reader.ReadUInt16(),
        16 => reader.ReadUInt32(),
        17 => reader.ReadUInt64(),
        18 => reader.ReadSingle(),
        19 => (char)reader.ReadUInt16(),
        var code => throw new InvalidDataException($"A property is stored with the unknown type {code}."),
    };
}

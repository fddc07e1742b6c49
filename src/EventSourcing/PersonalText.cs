using System.Text.Json;
using System.Text.Json.Serialization;

namespace Atomic.EventSourcing;

/// <summary>
/// Text about a person. At the edge of the app it is sealed with the person's own key, and it is opened there again for who asks: in between, in
/// every event, row and message, it is sealed. Once the key is erased nobody can open it. Text that is not sealed was written before texts
/// were, or never left the edge.
/// </summary>
/// <param name="Value">As it is written: <c>sealed:{subject}:{bytes}</c>, or the text itself.</param>
[JsonConverter(typeof(Plain))]
public readonly record struct PersonalText(string Value)
{
    /// <summary>What stands where a text was that nobody can open any more.</summary>
    public static readonly PersonalText Erased = new("[erased]");

    private const string Prefix = "sealed:";

    public bool IsSealed => Value?.StartsWith(Prefix, StringComparison.Ordinal) == true && Value.LastIndexOf(':') >= Prefix.Length;

    /// <summary>Whose text it is; null when it is not sealed.</summary>
    public string? Subject => IsSealed ? Value[Prefix.Length..Value.LastIndexOf(':')] : null;

    /// <summary>What was sealed; null when nothing is, or it is none of ours.</summary>
    public byte[]? Bytes
    {
        get
        {
            if (!IsSealed) return null;
            var text = Value.AsSpan(Value.LastIndexOf(':') + 1);
            return System.Buffers.Text.Base64Url.IsValid(text) ? System.Buffers.Text.Base64Url.DecodeFromChars(text) : null;
        }
    }

    public static PersonalText Seal(string subject, ReadOnlySpan<byte> bytes) =>
        new($"{Prefix}{subject}:{System.Buffers.Text.Base64Url.EncodeToString(bytes)}");

    /// <summary>Text that is not sealed yet.</summary>
    public static implicit operator PersonalText(string text) => new(text);

    public override string ToString() => IsSealed ? $"{Prefix}{Subject}" : "[personal]";

    private sealed class Plain : JsonConverter<PersonalText>
    {
        public override PersonalText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.GetString() ?? throw new JsonException("A text is required."));

        public override void Write(Utf8JsonWriter writer, PersonalText value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}

/// <summary>Something that comes from outside with texts about one person in it.</summary>
public interface IPersonal
{
    /// <summary>With whose key they are sealed: letters, digits and <c>- _ . ~</c>.</summary>
    [JsonIgnore]
    string Subject { get; }
}

/// <summary>The keys with which texts about people are sealed, one for each.</summary>
public interface ISubjectKeys
{
    /// <summary>How many bytes a key has.</summary>
    const int KeyBytes = 32;

    /// <summary>Null when there is none, or it was erased.</summary>
    Task<byte[]?> FindAsync(string subject, CancellationToken cancellation);

    /// <summary>The subject's key, made when there is none.</summary>
    Task<byte[]> GetAsync(string subject, CancellationToken cancellation);

    /// <summary>Erases the key, and with it all that was sealed with it: one deletion. Again is harmless.</summary>
    Task EraseAsync(string subject, CancellationToken cancellation);
}

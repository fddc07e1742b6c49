using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Atomic.EventSourcing;

namespace Atomic.Functions.Personal;

/// <summary>
/// Writes JSON at the edge of the app: what comes in with the texts about a person sealed, what goes out with them opened for as long as the
/// person's key is there.
/// </summary>
public sealed class PersonalData(ISubjectKeys keys, TimeProvider time)
{
    /// <summary>How long a process may go on opening texts after their key was erased.</summary>
    public static readonly TimeSpan KeysKept = TimeSpan.FromSeconds(20);

    private const int MostKept = 10_000;

    // One for all: what a serializer knows of types is kept with its options, and dear to make anew.
    private static readonly JsonSerializerOptions Changing = ChangingOptions();

    private readonly ConcurrentDictionary<string, (PersonalSeal? Seal, long AsOf)> _seals = new();

    /// <summary>What came from outside, as it may be stored and sent.</summary>
    public async Task<JsonElement> SealAsync(object value, CancellationToken cancellation)
    {
        if (value is not IPersonal personal) return JsonSerializer.SerializeToElement(value, value.GetType(), StorageJson.Options);
        var seal = new PersonalSeal(personal.Subject, await keys.GetAsync(personal.Subject, cancellation));
        return Converter.Write(value, seal.Seal);
    }

    /// <summary>What is stored, as it may be shown; <see cref="PersonalText.Erased"/> stands for what nobody can open any more.</summary>
    public async Task<JsonElement> OpenAsync(object value, CancellationToken cancellation)
    {
        var subjects = new HashSet<string>();
        var closed = Converter.Write(value, text =>
        {
            if (text.Subject is { } subject) subjects.Add(subject);
            return text;
        });
        if (subjects.Count == 0) return closed;

        var seals = new Dictionary<string, PersonalSeal?>();
        foreach (var subject in subjects) seals[subject] = await SealOfAsync(subject, cancellation);
        return Converter.Write(value, text => text.Subject is { } subject ? seals[subject]?.Open(text) ?? PersonalText.Erased : text);
    }

    private static JsonSerializerOptions ChangingOptions()
    {
        var options = new JsonSerializerOptions(StorageJson.Options);
        options.Converters.Insert(0, new Converter());
        return options;
    }

    private async Task<PersonalSeal?> SealOfAsync(string subject, CancellationToken cancellation)
    {
        if (_seals.TryGetValue(subject, out var known) && time.GetElapsedTime(known.AsOf) < KeysKept) return known.Seal;
        if (_seals.Count >= MostKept) _seals.Clear();
        var asked = time.GetTimestamp();
        var seal = await keys.FindAsync(subject, cancellation) is { } key ? new PersonalSeal(subject, key) : null;
        _seals[subject] = (seal, asked);
        return seal;
    }

    private sealed class Converter : JsonConverter<PersonalText>
    {
        [ThreadStatic]
        private static Func<PersonalText, PersonalText>? _change;

        public static JsonElement Write(object value, Func<PersonalText, PersonalText> change)
        {
            _change = change;
            try
            {
                return JsonSerializer.SerializeToElement(value, value.GetType(), Changing);
            }
            finally
            {
                _change = null;
            }
        }

        public override PersonalText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, PersonalText value, JsonSerializerOptions options) => writer.WriteStringValue(_change!(value).Value);
    }
}

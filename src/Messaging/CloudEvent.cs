using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Atomic.EventSourcing;

namespace Atomic.Messaging;

/// <summary>An event on the wire: a CloudEvent 1.0 in structured JSON, with the sequence and tracing extensions and three of its own.</summary>
/// <param name="Transfer"><c>notification</c> when the data stayed behind in the event store, <c>state</c> when they came along.</param>
/// <param name="Data">None in a notification.</param>
/// <remarks>https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md</remarks>
public sealed record CloudEvent(
    [property: JsonPropertyName("specversion")] string SpecVersion,
    string Id,
    string Source,
    string Type,
    string Subject,
    DateTimeOffset Time,
    [property: JsonPropertyName("datacontenttype")] string? DataContentType,
    [property: JsonPropertyName("dataschema")] string DataSchema,
    string Sequence,
    [property: JsonPropertyName("traceparent")] string? TraceParent,
    [property: JsonPropertyName("correlationid")] string CorrelationId,
    [property: JsonPropertyName("causationid")] string CausationId,
    string Transfer,
    JsonElement? Data)
{
    public const string ContentType = "application/cloudevents+json";

    public const string State = "state";

    public const string Notification = "notification";

    private const string Specification = "1.0";

    private const string TypePrefix = "atomic.";

    /// <summary>The event's type with the version of its schema, as in <c>StockReserved.v1</c>.</summary>
    [JsonIgnore]
    public string EventType => Type[TypePrefix.Length..];

    /// <summary>The event as it goes out. Its id is its place in its stream, so that a repeated event is the same message.</summary>
    public static CloudEvent From(RecordedEvent e)
    {
        var notifies = e.Data is INotification;
        return new CloudEvent(
            Specification,
            e.Position.ToString(),
            SourceOf(e.Stream.Category),
            TypePrefix + e.Type,
            e.Stream.Id,
            e.At,
            notifies ? null : "application/json",
            $"/schemas/{e.Type}",
            SequenceOf(e.Version),
            e.Context.TraceParent,
            e.Context.CorrelationId,
            e.Context.CausationId,
            notifies ? Notification : State,
            notifies ? null : JsonSerializer.SerializeToElement(e.Data, e.Data.GetType(), StorageJson.Options));
    }

    /// <summary>The source of all events of an aggregate's streams.</summary>
    public static string SourceOf(string category) => $"/{category}";

    /// <summary>The same event without its data: whoever needs them reads the event store.</summary>
    public CloudEvent AsNotification() => this with { Transfer = Notification, DataContentType = null, Data = null };

    /// <summary>Reads a message's body, and holds it to the specification and to what this system adds.</summary>
    /// <exception cref="MalformedMessageException">It is none, or says something that cannot be.</exception>
    public static CloudEvent Parse(string messageId, ReadOnlyMemory<byte> body)
    {
        CloudEvent? parsed;
        try
        {
            parsed = JsonSerializer.Deserialize<CloudEvent>(body.Span, StorageJson.Options);
        }
        catch (JsonException e)
        {
            // Which attribute it is may be said: its name is the specification's, and no sender's.
            var attribute = StorageJson.Options.GetTypeInfo(typeof(CloudEvent)).Properties.FirstOrDefault(each => $"$.{each.Name}" == e.Path)?.Name;
            throw new MalformedMessageException(messageId, $"{MalformedMessageException.Why(e)}{(attribute is null ? "" : $", at '{attribute}'")}");
        }

        if ((parsed is null ? "it is null" : parsed.Problem()) is { } problem) throw new MalformedMessageException(messageId, problem);
        return parsed!;
    }

    /// <summary>What the message tells about one of <typeparamref name="TState"/>'s streams.</summary>
    /// <exception cref="MalformedMessageException">It is no event of these streams, or its data do not fit its type.</exception>
    /// <exception cref="UnknownEventException">Its type, or the version of it, is not known here.</exception>
    public Heard ToHeard<TState>() where TState : IAggregate<TState> => ToHeard(TState.Category, TState.Events);

    /// <summary>What the message tells about one of the streams of <paramref name="category"/>.</summary>
    /// <exception cref="MalformedMessageException">It is no event of these streams, or its data do not fit its type.</exception>
    /// <exception cref="UnknownEventException">Its type, or the version of it, is not known here.</exception>
    public Heard ToHeard(string category, EventTypes events)
    {
        var position = PositionIn(category);
        if (!events.Names.Contains(EventType)) throw new UnknownEventException(EventType);
        return new Heard(position, Time, Data is null ? null : ToRecorded(position, events));
    }

    /// <summary>The event as it came in.</summary>
    /// <exception cref="MalformedMessageException">It is no event of <typeparamref name="TState"/>'s streams, or came without its data.</exception>
    /// <exception cref="UnknownEventException">Its type, or the version of it, is not known here.</exception>
    public RecordedEvent ToRecorded<TState>() where TState : IAggregate<TState> => ToRecorded(PositionIn(TState.Category), TState.Events);

    private RecordedEvent ToRecorded(StreamPosition position, EventTypes events)
    {
        if (Data is not { } data) throw new MalformedMessageException(Id, "it is a notification, whose data are in the event store");
        try
        {
            var context = new EventContext(CorrelationId, CausationId, TraceParent);
            return new RecordedEvent(position.Stream, position.Version, EventType, events.Read(EventType, data), context, Time);
        }
        catch (JsonException e)
        {
            throw new MalformedMessageException(Id, $"its data do not fit {EventType}: {e.Message}");
        }
    }

    private StreamPosition PositionIn(string category) =>
        StreamPosition.TryParse(Id, out var position) && position.Stream.Category == category
            ? position
            : throw new MalformedMessageException(Id, $"its id is no position in a stream of {category}");

    private string? Problem()
    {
        if (SpecVersion != Specification) return $"its specversion is '{SpecVersion}', and '{Specification}' is read here";
        var missing = new[] { ("id", Id), ("source", Source), ("type", Type), ("subject", Subject), ("correlationid", CorrelationId), ("causationid", CausationId) }
            .Where(attribute => string.IsNullOrEmpty(attribute.Item2)).Select(attribute => attribute.Item1).ToList();
        if (missing.Count > 0) return $"it lacks {string.Join(", ", missing)}";
        if (!Type.StartsWith(TypePrefix, StringComparison.Ordinal)) return $"its type '{Type}' does not begin with '{TypePrefix}'";
        if (!StreamPosition.TryParse(Id, out var position)) return $"its id '{Id}' is no position in a stream";
        if (Source != SourceOf(position.Stream.Category) || Subject != position.Stream.Id)
            return $"its source '{Source}' and subject '{Subject}' are not those of its id";
        if (Sequence != SequenceOf(position.Version)) return $"its sequence '{Sequence}' is not that of its id";
        return (Transfer, Data) switch
        {
            (State, null) => "it is a state transfer without data",
            (State, _) or (Notification, null) => null,
            (Notification, _) => "it is a notification with data",
            _ => $"its transfer is '{Transfer}', and must be '{State}' or '{Notification}'",
        };
    }

    private static string SequenceOf(long version) => version.ToString("D10", CultureInfo.InvariantCulture);
}

/// <summary>A message that no redelivery can make better: dead-lettered with this reason.</summary>
public sealed class MalformedMessageException(string id, string why) : Exception($"Message '{id}' cannot be read: {why}.")
{
    /// <summary>Where a text stops being JSON that fits, and nothing of what it says: more people read reasons than read messages.</summary>
    public static string Why(JsonException e) => $"it is no JSON that fits, from line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} on";
}

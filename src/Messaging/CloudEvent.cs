using System.Text.Json;
using System.Text.Json.Serialization;
using Atomic.EventSourcing;

namespace Atomic.Messaging;

/// <summary>An event on the wire: a CloudEvent 1.0 in structured JSON, with the sequence and tracing extensions.</summary>
/// <remarks>https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md</remarks>
public sealed record CloudEvent(
    [property: JsonPropertyName("specversion")] string SpecVersion,
    string Id,
    string Source,
    string Type,
    string Subject,
    DateTimeOffset Time,
    [property: JsonPropertyName("datacontenttype")] string DataContentType,
    [property: JsonPropertyName("dataschema")] string DataSchema,
    string Sequence,
    [property: JsonPropertyName("traceparent")] string? TraceParent,
    [property: JsonPropertyName("correlationid")] string CorrelationId,
    [property: JsonPropertyName("causationid")] string CausationId,
    JsonElement Data)
{
    public const string ContentType = "application/cloudevents+json";

    private const string TypePrefix = "atomic.";

    /// <summary>The event as it goes out. Its id is its place in its stream, so that a repeated event is the same message.</summary>
    public static CloudEvent From(RecordedEvent e) => new(
        "1.0",
        e.Position.ToString(),
        $"/{e.Stream.Category}",
        TypePrefix + e.Type,
        e.Stream.Id,
        e.At,
        "application/json",
        $"/schemas/{e.Type}",
        e.Version.ToString("D10", System.Globalization.CultureInfo.InvariantCulture),
        e.Context.TraceParent,
        e.Context.CorrelationId,
        e.Context.CausationId,
        JsonSerializer.SerializeToElement(e.Data, e.Data.GetType(), StorageJson.Options));

    /// <summary>The event as it came in.</summary>
    /// <exception cref="MalformedMessageException">It is not an event of <typeparamref name="TState"/>'s streams.</exception>
    public RecordedEvent ToRecorded<TState>() where TState : IAggregate<TState>
    {
        if (!StreamPosition.TryParse(Id, out var position) || position.Stream.Category != TState.Category)
            throw new MalformedMessageException(Id, $"its id is no position in a stream of {TState.Category}");
        if (!Type.StartsWith(TypePrefix, StringComparison.Ordinal))
            throw new MalformedMessageException(Id, $"its type '{Type}' does not begin with '{TypePrefix}'");
        var type = Type[TypePrefix.Length..];
        return new RecordedEvent(
            position.Stream, position.Version, type, TState.Events.Read(type, Data), new EventContext(CorrelationId, CausationId, TraceParent), Time);
    }
}

/// <summary>A message that no redelivery can make better: dead-lettered with this reason.</summary>
public sealed class MalformedMessageException(string id, string why) : Exception($"Message '{id}' cannot be read: {why}.");

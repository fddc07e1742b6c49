using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Atomic.EventSourcing;

/// <summary>
/// The event types of one aggregate by the name they have in storage and on the wire: the type's own name, with the version of its
/// schema, as in <c>StockReserved.v1</c>. Events are written in the newest version and read in every one that was ever written.
/// </summary>
public sealed class EventTypes
{
    private readonly FrozenDictionary<string, EventSchema> _byName;
    private readonly FrozenDictionary<Type, EventSchema> _current;

    private EventTypes(IEnumerable<EventSchema> schemas)
    {
        _byName = schemas.ToFrozenDictionary(schema => schema.Name, StringComparer.Ordinal);
        _current = _byName.Values.GroupBy(schema => schema.Type).ToFrozenDictionary(group => group.Key, group => group.MaxBy(schema => schema.Version)!);
    }

    /// <summary>Every name that can be read, older versions included.</summary>
    public IReadOnlyCollection<string> Names => _byName.Keys;

    /// <summary>Every type in the version in which it is written.</summary>
    public IReadOnlyCollection<EventSchema> Current => _current.Values;

    /// <summary>Registers each type in its first schema version.</summary>
    /// <exception cref="ArgumentException">A type is no <see cref="IEvent"/>, or is given twice.</exception>
    public static EventTypes Of(params Type[] types)
    {
        if (types.FirstOrDefault(type => !type.IsAssignableTo(typeof(IEvent))) is { } stranger)
            throw new ArgumentException($"{stranger} is not an event.", nameof(types));
        return new EventTypes(types.Select(type => new EventSchema(type, 1, null)));
    }

    /// <summary>
    /// Gives <typeparamref name="TEvent"/> a next version: it is written as version <paramref name="from"/> + 1 from now on, and what was
    /// written as <paramref name="from"/> passes through <paramref name="upcaster"/> when it is read.
    /// </summary>
    /// <param name="upcaster">From the data as they were written to the data as the next version would have written them. Pure.</param>
    /// <exception cref="ArgumentException">The type is not registered, or <paramref name="from"/> is not its newest version.</exception>
    public EventTypes Upcast<TEvent>(int from, Func<JsonObject, JsonObject> upcaster) where TEvent : IEvent
    {
        if (!_current.TryGetValue(typeof(TEvent), out var newest))
            throw new ArgumentException($"{typeof(TEvent).Name} is not registered.", nameof(upcaster));
        if (newest.Version != from)
            throw new ArgumentException($"{typeof(TEvent).Name} is at version {newest.Version}, so its next upcaster is from there and not from {from}.", nameof(from));
        return new EventTypes(_byName.Values.Except([newest]).Append(newest with { Upcaster = upcaster }).Append(new EventSchema(typeof(TEvent), from + 1, null)));
    }

    /// <exception cref="ArgumentException">The event is none of this aggregate's.</exception>
    public string NameOf(IEvent e) => SchemaOf(e).Name;

    /// <summary>The schema in which the event is written.</summary>
    /// <exception cref="ArgumentException">The event is none of this aggregate's.</exception>
    public EventSchema SchemaOf(IEvent e) => _current.TryGetValue(e.GetType(), out var schema)
        ? schema
        : throw new ArgumentException($"{e.GetType().Name} is not declared among the aggregate's events ({string.Join(", ", _byName.Keys)}).", nameof(e));

    /// <summary>The event as today's code knows it, whichever version wrote it.</summary>
    /// <exception cref="UnknownEventException">No type of that name and version is known here.</exception>
    /// <exception cref="JsonException">The data do not fit the type.</exception>
    public IEvent Read(string name, JsonElement data)
    {
        var schema = Known(name);
        if (schema.Upcaster is null) return (IEvent)data.Deserialize(schema.Type, StorageJson.Options)!;

        var old = JsonObject.Create(data) ?? throw new JsonException($"The data of {name} are null.");
        for (; schema.Upcaster is { } upcaster; schema = Known(schema.Next)) old = upcaster(old);
        return (IEvent)old.Deserialize(schema.Type, StorageJson.Options)!;
    }

    private EventSchema Known(string name) => _byName.TryGetValue(name, out var schema) ? schema : throw new UnknownEventException(name);
}

/// <summary>What an event carries on the bus.</summary>
public enum Transfer
{
    /// <summary>Its data: whoever hears it needs to ask nobody.</summary>
    State,

    /// <summary>Its place in its stream and nothing more: whoever needs its data reads the event store.</summary>
    Notification,
}

/// <summary>One version of an event type.</summary>
/// <param name="Upcaster">Takes the data to the next version; null for the newest.</param>
public sealed record EventSchema(Type Type, int Version, Func<JsonObject, JsonObject>? Upcaster)
{
    public string Name { get; } = $"{Type.Name}.v{Version}";

    /// <summary>As declared beside the event: see <see cref="INotification"/>.</summary>
    public Transfer Transfer { get; } = Type.IsAssignableTo(typeof(INotification)) ? Transfer.Notification : Transfer.State;

    internal string Next => $"{Type.Name}.v{Version + 1}";
}

/// <summary>An event that this code does not know: written by a newer version, or by something else.</summary>
public sealed class UnknownEventException(string name) : Exception($"The event type '{name}' is not known here.")
{
    public string Name { get; } = name;
}

using System.Collections.Frozen;
using System.Text.Json;

namespace Atomic.EventSourcing;

/// <summary>
/// The event types of one aggregate by the name they have in storage and on the wire: the type's own name, with the version of its
/// schema, as in <c>StockReserved.v1</c>.
/// </summary>
public sealed class EventTypes
{
    private readonly FrozenDictionary<string, Type> _byName;
    private readonly FrozenDictionary<Type, string> _byType;

    private EventTypes(IEnumerable<KeyValuePair<string, Type>> types)
    {
        _byName = types.ToFrozenDictionary(StringComparer.Ordinal);
        _byType = _byName.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);
    }

    public IReadOnlyCollection<string> Names => _byName.Keys;

    /// <summary>Registers each type in its first schema version.</summary>
    /// <exception cref="ArgumentException">A type is no <see cref="IEvent"/>, or is given twice.</exception>
    public static EventTypes Of(params Type[] types)
    {
        if (types.FirstOrDefault(type => !type.IsAssignableTo(typeof(IEvent))) is { } stranger)
            throw new ArgumentException($"{stranger} is not an event.", nameof(types));
        return new EventTypes(types.Select(type => KeyValuePair.Create($"{type.Name}.v1", type)));
    }

    /// <exception cref="ArgumentException">The event is none of this aggregate's.</exception>
    public string NameOf(IEvent e) => _byType.TryGetValue(e.GetType(), out var name)
        ? name
        : throw new ArgumentException($"{e.GetType().Name} is not declared among the aggregate's events ({string.Join(", ", _byName.Keys)}).", nameof(e));

    /// <exception cref="UnknownEventException">No type of that name and version is known here.</exception>
    public IEvent Read(string name, JsonElement data) => _byName.TryGetValue(name, out var type)
        ? (IEvent)data.Deserialize(type, StorageJson.Options)!
        : throw new UnknownEventException(name);
}

/// <summary>An event that this code does not know: written by a newer version, or by something else.</summary>
public sealed class UnknownEventException(string name) : Exception($"The event type '{name}' is not known here.")
{
    public string Name { get; } = name;
}

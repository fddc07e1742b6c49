namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>The entities that the file knows, by their paths, and those that it will come to know.</summary>
internal sealed class EntityRecords(IReadOnlyList<EntityRecord> stored, Changes changes)
{
    private readonly Dictionary<string, EntityRecord> _byPath = stored.ToDictionary(record => record.Path, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyDictionary<int, EntityRecord> ById => _byPath.Values.ToDictionary(record => record.Id);

    public EntityRecord Of(string path)
    {
        if (_byPath.TryGetValue(path, out var known)) return known;
        var added = new EntityRecord(_byPath.Values.Select(record => record.Id).DefaultIfEmpty().Max() + 1, path);
        changes.Entities.Add(added);
        return _byPath[path] = added;
    }
}

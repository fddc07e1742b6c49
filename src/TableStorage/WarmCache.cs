namespace Atomic.TableStorage;

/// <summary>What this process wrote last under each key, as many as fit; the one that was not used for longest makes room.</summary>
internal sealed class WarmCache<TKey>(int capacity) where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, object Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, object Value)> _byUse = [];

    public TValue? Find<TValue>(TKey key) where TValue : class
    {
        lock (_gate)
        {
            if (!_nodes.TryGetValue(key, out var node)) return null;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Value as TValue;
        }
    }

    public void Put(TKey key, object value)
    {
        lock (_gate)
        {
            if (_nodes.Remove(key, out var old)) _byUse.Remove(old);
            if (_nodes.Count >= capacity && _byUse.Last is { } oldest)
            {
                _byUse.RemoveLast();
                _nodes.Remove(oldest.Value.Key);
            }

            _nodes[key] = _byUse.AddFirst((key, value));
        }
    }

    public void Evict(TKey key)
    {
        lock (_gate)
        {
            if (_nodes.Remove(key, out var node)) _byUse.Remove(node);
        }
    }
}

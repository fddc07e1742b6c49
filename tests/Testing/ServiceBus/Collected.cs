using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Atomic.Testing.ServiceBus;

/// <summary>What handlers have seen, in their order.</summary>
internal sealed class Collected<T>(TimeSpan patience)
{
    private readonly ConcurrentQueue<T> _items = [];
    private readonly Channel<T> _arrivals = Channel.CreateUnbounded<T>();

    public IReadOnlyList<T> Items => [.. _items];

    public Task AddAsync(T item)
    {
        _items.Enqueue(item);
        _arrivals.Writer.TryWrite(item);
        return Task.CompletedTask;
    }

    /// <summary>Waits for that many more, and gives all there are.</summary>
    public async Task<IReadOnlyList<T>> WaitAsync(int more)
    {
        while (more-- > 0) await _arrivals.Reader.ReadAsync().AsTask().WaitAsync(patience);
        return Items;
    }
}

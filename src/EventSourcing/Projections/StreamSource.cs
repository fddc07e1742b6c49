namespace Atomic.EventSourcing;

/// <summary>An aggregate whose streams feed a read model, by its name rather than its type.</summary>
public abstract class StreamSource(string category, EventTypes events)
{
    public string Category { get; } = category;

    public EventTypes Events { get; } = events;

    public static StreamSource Of<TState>() where TState : IAggregate<TState> => new Typed<TState>();

    internal abstract IAsyncEnumerable<Commit> ReadAsync(IEventStore events, string id, long fromVersion, CancellationToken cancellation);

    internal abstract IAsyncEnumerable<Scanned> ScanAsync(IStreamScan streams, int from, int to, CancellationToken cancellation);

    private sealed class Typed<TState>() : StreamSource(TState.Category, TState.Events) where TState : IAggregate<TState>
    {
        internal override IAsyncEnumerable<Commit> ReadAsync(IEventStore events, string id, long fromVersion, CancellationToken cancellation) =>
            events.ReadAsync<TState>(id, fromVersion, cancellation);

        internal override IAsyncEnumerable<Scanned> ScanAsync(IStreamScan streams, int from, int to, CancellationToken cancellation) =>
            streams.ScanAsync<TState>(from, to, cancellation);
    }
}

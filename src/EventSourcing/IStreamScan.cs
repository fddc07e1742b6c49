namespace Atomic.EventSourcing;

/// <summary>Reads all streams of an aggregate, for rebuilding what is made of them. Streams are spread over ranges by a stable hash of their ids.</summary>
public interface IStreamScan
{
    /// <summary>Into how many ranges streams are spread.</summary>
    const int Ranges = 256;

    /// <summary>
    /// The commits of all streams in the ranges <paramref name="from"/> to <paramref name="to"/> (not included): those of one stream
    /// together, in order, and at least those that were written before the call.
    /// </summary>
    IAsyncEnumerable<Scanned> ScanAsync<TState>(int from, int to, CancellationToken cancellation) where TState : IAggregate<TState>;
}

/// <summary>A commit, or what could not be read in the place of one: the rest of its stream does not follow.</summary>
public sealed record Scanned(StreamId Stream, Commit? Commit, UnreadableEventException? Unreadable);

using Atomic.EventSourcing;

namespace Atomic.TableStorage;

/// <summary>A stream whose rows contradict each other, which no writer of this store leaves behind.</summary>
public sealed class StreamDamagedException(StreamId stream, string expected, string found)
    : Exception($"Stream {stream} is damaged: expected {expected}, found {found}.")
{
    public StreamId Stream { get; } = stream;
}

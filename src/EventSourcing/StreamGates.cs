namespace Atomic.EventSourcing;

/// <summary>
/// One writer at a time to each stream within this process, so that a busy stream costs a wait and not a storm of conflicts. Correctness
/// does not depend on it: other processes are met by the store's own guard.
/// </summary>
internal sealed class StreamGates
{
    private readonly Dictionary<StreamId, Gate> _gates = [];

    public async Task<IDisposable> EnterAsync(StreamId stream, CancellationToken cancellation)
    {
        Gate gate;
        lock (_gates)
        {
            if (!_gates.TryGetValue(stream, out gate!)) _gates[stream] = gate = new Gate(this, stream);
            gate.Users++;
        }

        try
        {
            await gate.Turn.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            Forget(gate);
            throw;
        }

        return gate;
    }

    private void Forget(Gate gate)
    {
        lock (_gates)
        {
            if (--gate.Users > 0) return;
            _gates.Remove(gate.Stream);
            gate.Turn.Dispose();
        }
    }

    private sealed class Gate(StreamGates owner, StreamId stream) : IDisposable
    {
        public StreamId Stream { get; } = stream;

        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Users { get; set; }

        public void Dispose()
        {
            Turn.Release();
            owner.Forget(this);
        }
    }
}

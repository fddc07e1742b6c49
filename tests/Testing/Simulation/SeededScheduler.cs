namespace Atomic.Testing.Simulation;

/// <summary>
/// Runs asynchronous code on one thread, and at every await chooses by its seed who goes on: each seed is one interleaving, and the same
/// seed the same one.
/// </summary>
public sealed class SeededScheduler(int seed) : SynchronizationContext
{
    private readonly List<(SendOrPostCallback Continue, object? State)> _ready = [];

    public Random Random { get; } = new(seed);

    public override void Post(SendOrPostCallback d, object? state) => _ready.Add((d, state));

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing waits here.");

    /// <summary>Runs <paramref name="main"/> to its end.</summary>
    /// <exception cref="InvalidOperationException">It waits for something that nothing will bring about.</exception>
    public void Run(Func<Task> main)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            var task = main();
            while (!task.IsCompleted)
            {
                if (_ready.Count == 0) throw new InvalidOperationException("Everybody waits.");
                var chosen = Random.Next(_ready.Count);
                var (go, state) = _ready[chosen];
                _ready[chosen] = _ready[^1];
                _ready.RemoveAt(_ready.Count - 1);
                go(state);
            }

            task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }
}

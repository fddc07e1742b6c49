using Microsoft.DurableTask.Client;

namespace Atomic.Testing.DurableTask;

/// <summary>A Durable Task engine that runs the tasks of a test: the embedded one, or one in Azure.</summary>
public interface IDurableBackend : IAsyncDisposable
{
    DurableTaskClient Client { get; }

    /// <summary>Lets time pass: at once where time is virtual, else by waiting.</summary>
    Task AdvanceAsync(TimeSpan time);

    /// <summary>Stops the process that runs the tasks, at once, and starts another over the same state.</summary>
    /// <returns>False where that cannot be done.</returns>
    Task<bool> TryRestartAsync();
}

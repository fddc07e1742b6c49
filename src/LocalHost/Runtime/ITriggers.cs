namespace Atomic.LocalHost.Runtime;

/// <summary>What calls functions of one kind, from start to stop.</summary>
internal interface ITriggers
{
    string Name { get; }

    Task StartAsync(CancellationToken cancellation);

    /// <summary>Takes no more work, and returns once what was taken is done.</summary>
    Task StopAsync(CancellationToken cancellation);
}

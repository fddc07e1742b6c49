namespace Atomic.Functions.Participants;

/// <summary>The time limit of a try, where there is no orchestrator to keep it.</summary>
internal static class TimeLimit
{
    /// <param name="limit">Null when it may take any time.</param>
    /// <exception cref="TimeoutException">It has not ended in time. It was told to stop and may still go on: its outcome is unknown.</exception>
    public static async Task<T> WithinAsync<T>(
        this TimeProvider time, TimeSpan? limit, Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        if (limit is null) return await work(cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Not everything that is asked heeds the token. Who waits is woken by the clock itself, so that a simulated one decides when.
        var over = new TaskCompletionSource();
        using var given = cancellation.Register(() => over.TrySetResult());
        using var timer = time.CreateTimer(_ => over.TrySetResult(), null, limit.Value, Timeout.InfiniteTimeSpan);
        var working = work(stop.Token);
        if (await Task.WhenAny(working, over.Task) == working) return await working;
        Stop();
        cancellation.ThrowIfCancellationRequested();
        throw new TimeoutException($"No answer within {limit}.");

        // By the thread that waits: another would be none of the simulation's.
        void Stop() => stop.Cancel();
    }
}

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
        using var over = new CancellationTokenSource(limit.Value, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, over.Token);
        try
        {
            // Not everything that is asked heeds the token.
            return await work(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException e) when (over.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"No answer within {limit}.", e);
        }
    }
}

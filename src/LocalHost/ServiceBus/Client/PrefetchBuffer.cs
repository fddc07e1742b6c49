using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Client;

/// <summary>
/// Messages that were received ahead of being asked for. Whoever asks looks here first; one at a time fetches more, so that nobody waits at
/// the broker for what lies here already.
/// </summary>
/// <param name="dropsExpired">A message whose lock has run out is not handed out. In a session the session's lock decides.</param>
#pragma warning disable CA1001 // A semaphore has something to dispose of only once its wait handle was asked for.
internal sealed class PrefetchBuffer(TimeProvider time, bool dropsExpired)
#pragma warning restore CA1001
{
    private readonly Queue<ServiceBusReceivedMessage> _messages = [];
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveAsync(
        int max,
        TimeSpan wait,
        Func<TimeSpan, Task<IReadOnlyList<ServiceBusReceivedMessage>>> fetchAsync,
        CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        if (Take(max) is { Count: > 0 } ready) return ready;
        if (!await EntersAsync(wait, cancellation)) return [];
        try
        {
            if (Take(max) is { Count: > 0 } fetched) return fetched;
            Keep(await fetchAsync(wait == Timeout.InfiniteTimeSpan ? wait : Left(wait - time.GetElapsedTime(started))));
            return Take(max);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static TimeSpan Left(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;

    private async Task<bool> EntersAsync(TimeSpan wait, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await _turn.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private List<ServiceBusReceivedMessage> Take(int max)
    {
        lock (_messages)
        {
            var taken = new List<ServiceBusReceivedMessage>();
            while (taken.Count < max && _messages.TryDequeue(out var message))
            {
                if (IsUsable(message)) taken.Add(message);
            }

            return taken;
        }
    }

    private void Keep(IReadOnlyList<ServiceBusReceivedMessage> received)
    {
        lock (_messages)
        {
            foreach (var message in received) _messages.Enqueue(message);
        }
    }

    // Without a lock it was deleted when it was received, and is nowhere else.
    private bool IsUsable(ServiceBusReceivedMessage message) =>
        !dropsExpired || message.LockedUntil == default || message.LockedUntil > time.GetUtcNow();
}

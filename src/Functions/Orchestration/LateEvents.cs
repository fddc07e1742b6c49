using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Orchestration;

/// <summary>Events for orchestrations that may have ended meanwhile.</summary>
internal static class LateEvents
{
    /// <summary>Raises the event, unless its orchestration has ended: then nobody waits for it any more, and another delivery would not help.</summary>
    public static async Task RaiseUnlessEndedAsync(
        this DurableTaskClient client, string id, string name, object payload, ILogger logger, CancellationToken cancellation)
    {
        try
        {
            await client.RaiseEventAsync(id, name, payload, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (await client.GetInstanceAsync(id, cancellation) is { IsCompleted: false }) throw;
            Logs.EventTooLate(logger, id, name);
        }
    }
}

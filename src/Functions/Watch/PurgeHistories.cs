using Atomic.Functions.Settings;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Watch;

/// <summary>
/// Lets go of the histories of orchestrations that completed, once they have been kept after their end for as long as the setting says. What
/// failed or was terminated is left for whoever looks at it; Durable Task Scheduler lets go of it by itself, after 30 or 90 days. What
/// transactions did is in the streams for ever.
/// </summary>
public sealed class PurgeHistoriesFunction(AppConfiguration settings, TimeProvider time, ILogger<PurgeHistoriesFunction> logger)
{
    private const int PageSize = 100;
    private const int AtOnce = 16;

    // Of many a function may see a part each night; the next night goes on.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Function(nameof(PurgeHistories))]
    public async Task PurgeHistories([TimerTrigger("0 30 4 * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        var until = time.GetUtcNow() - settings.KeepHistories;
        using var limit = new CancellationTokenSource(Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            Logs.HistoriesPurged(logger, await PurgeAsync(client, until, linked.Token), until);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            Logs.HistoriesPurgedInPart(logger, until);
        }
    }

    // The engine can purge at one stroke what began before a time, and that is not what is asked: a transaction may have waited for a person for
    // longer than histories are kept, and end today.
    private static async Task<int> PurgeAsync(DurableTaskClient client, DateTimeOffset until, CancellationToken cancellation)
    {
        var (purged, completed) = (0, new OrchestrationQuery(CreatedTo: until, Statuses: [OrchestrationRuntimeStatus.Completed], PageSize: PageSize));
        await foreach (var page in client.GetAllInstancesAsync(completed).AsPages().WithCancellation(cancellation))
        {
            await Parallel.ForEachAsync(
                page.Values.Where(instance => instance.LastUpdatedAt < until),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
                async (instance, token) => Interlocked.Add(ref purged, (await client.PurgeInstanceAsync(instance.InstanceId, token)).PurgedInstanceCount));
        }

        return purged;
    }
}

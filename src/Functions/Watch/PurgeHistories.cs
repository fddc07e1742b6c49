using Atomic.Functions.Settings;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Watch;

/// <summary>
/// Lets go of the histories of orchestrations that completed, once they have been kept for as long as the setting says. What failed or was
/// terminated is kept until somebody has looked at it, and what transactions did is in the streams for ever.
/// </summary>
public sealed class PurgeHistoriesFunction(AppConfiguration settings, TimeProvider time, ILogger<PurgeHistoriesFunction> logger)
{
    // Of a purge of Azure Storage's a function sees at most a part each night; the next night goes on.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Function(nameof(PurgeHistories))]
    public async Task PurgeHistories([TimerTrigger("0 30 4 * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        var until = time.GetUtcNow() - settings.KeepHistories;
        using var limit = new CancellationTokenSource(Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            var purged = await client.PurgeAllInstancesAsync(
                new PurgeInstancesFilter(CreatedTo: until, Statuses: [OrchestrationRuntimeStatus.Completed]), linked.Token);
            Logs.HistoriesPurged(logger, purged.PurgedInstanceCount, until);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            Logs.HistoriesPurgedInPart(logger, until);
        }
    }
}

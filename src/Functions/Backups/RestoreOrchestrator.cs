using Atomic.TableStorage.Export;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Atomic.Functions.Backups;

/// <summary>Restores the event store from the export of a day: an activity a part, some at once. Cut off, it goes on with the rest.</summary>
public sealed class RestoreOrchestrator
{
    private const int PartsAtOnce = 8;

    private static readonly TaskOptions Retried = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 8, firstRetryInterval: TimeSpan.FromSeconds(1), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromMinutes(1)));

    /// <summary>The one instance that restores a day: two cannot be started.</summary>
    public static string InstanceOf(string day) => $"restore-{day}";

    [Function(nameof(RestoreEventStore))]
    public async Task<RestoreProgress> RestoreEventStore([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var plan = await context.CallActivityAsync<RestorePlan>(nameof(RestoreActivities.PlanRestore), context.GetInput<RestoreOrder>()!.Day, Retried);
        var progress = new RestoreProgress(plan.Day, 0, plan.Parts.Count, 0);
        var (waiting, running, restored) = (new Queue<RestorePart>(plan.Parts), new List<Task<RestoredPart>>(), new List<RestoredPart>());
        while (waiting.Count > 0 || running.Count > 0)
        {
            while (running.Count < PartsAtOnce && waiting.TryDequeue(out var part))
                running.Add(context.CallActivityAsync<RestoredPart>(nameof(RestoreActivities.RestoreRange), part, Retried));
            var done = await Task.WhenAny(running);
            running.Remove(done);
            var result = await done;
            if (result.Problem is { } problem) throw new RestoreException(problem);
            restored.Add(result);
            progress = progress with { Parts = restored.Count, Rows = progress.Rows + result.Rows };
            context.SetCustomStatus(progress);
        }

        EventStoreRestore.Check(plan, restored.Select(each => (each.Part, each.Rows)));
        return progress;
    }
}

/// <summary>The parts of a restore, each of which can be done again.</summary>
public sealed class RestoreActivities(EventStoreRestore restore)
{
    [Function(nameof(PlanRestore))]
    public Task<RestorePlan> PlanRestore([ActivityTrigger] string day, CancellationToken cancellation) => restore.PlanAsync(day, cancellation);

    [Function(nameof(RestoreRange))]
    public async Task<RestoredPart> RestoreRange([ActivityTrigger] RestorePart part, CancellationToken cancellation)
    {
        try
        {
            return new RestoredPart(part, await restore.RestoreAsync(part, cancellation), null);
        }
        catch (RestoreException e)
        {
            // Trying again would meet the same row.
            return new RestoredPart(part, 0, e.Message);
        }
    }
}

/// <summary>What a person asked for.</summary>
public sealed record RestoreOrder(string Day, string By, string Why);

/// <summary>What became of a part.</summary>
/// <param name="Problem">Why it stopped; null when it is done.</param>
public sealed record RestoredPart(RestorePart Part, long Rows, string? Problem);

/// <summary>How far a restore has come.</summary>
public sealed record RestoreProgress(string Day, int Parts, int OfParts, long Rows);

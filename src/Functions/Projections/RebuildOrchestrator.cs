using Atomic.EventSourcing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Atomic.Functions.Projections;

/// <summary>
/// Rebuilds a projection beside live traffic: an activity a part of the ranges, some at once, each a checkpoint. Killed at any moment, it
/// goes on with the parts that are not done.
/// </summary>
public sealed class RebuildOrchestrator
{
    private const int RangesAPart = 8;
    private const int PartsAtOnce = 8;

    private static readonly TaskOptions Retried = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 8, firstRetryInterval: TimeSpan.FromSeconds(1), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromMinutes(1)));

    /// <summary>The one instance that builds this version: two cannot be started.</summary>
    public static string InstanceOf(string projection, int version) => $"rebuild-{projection}-{version}";

    [Function(nameof(RebuildProjection))]
    public async Task<RebuildProgress> RebuildProjection([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var rebuild = context.GetInput<Rebuild>()!;
        // Every instance of the app must know of the version, and give it the events it applies, before the streams are read.
        await context.CreateTimer(ProjectionDirectory.Settled, CancellationToken.None);
        var progress = new RebuildProgress(0, IStreamScan.Ranges, RebuildCount.None, context.CurrentUtcDateTime, context.CurrentUtcDateTime);
        context.SetCustomStatus(progress);
        var running = new List<Task<RebuildCount>>();
        try
        {
            var parts = new Queue<RebuildPart>(Enumerable.Range(0, IStreamScan.Ranges / RangesAPart)
                .Select(part => new RebuildPart(rebuild.Projection, rebuild.Version, part * RangesAPart, (part + 1) * RangesAPart)));
            while (parts.Count > 0 || running.Count > 0)
            {
                while (running.Count < PartsAtOnce && parts.TryDequeue(out var part))
                    running.Add(context.CallActivityAsync<RebuildCount>(nameof(RebuildActivities.RebuildRanges), part, Retried));
                var done = await Task.WhenAny(running);
                running.Remove(done);
                progress = progress.With(RangesAPart, await done, context.CurrentUtcDateTime);
                context.SetCustomStatus(progress);
            }

            await context.CallActivityAsync(nameof(RebuildActivities.CompleteRebuild), rebuild, Retried);
            return progress;
        }
        catch (TaskFailedException)
        {
            // A part that still scans would write into the table once it has been dropped, and so make it again.
            await EndedAsync(running);
            // So that another can be begun; this one ends as failed, with the reason.
            await context.CallActivityAsync(nameof(RebuildActivities.GiveUpRebuild), rebuild, Retried);
            throw;
        }
    }

    private static async Task EndedAsync(List<Task<RebuildCount>> running)
    {
        try
        {
            await Task.WhenAll(running);
        }
        catch (TaskFailedException)
        {
            // The rebuild has failed already, with the first reason.
        }
    }
}

/// <summary>What a rebuild is to build.</summary>
public sealed record Rebuild(string Projection, int Version);

/// <summary>The ranges <paramref name="From"/> to <paramref name="To"/> (not included) of a rebuild.</summary>
public sealed record RebuildPart(string Projection, int Version, int From, int To);

/// <summary>How far a rebuild has come.</summary>
/// <param name="AsOf">When this was so.</param>
public sealed record RebuildProgress(int Ranges, int OfRanges, RebuildCount Count, DateTime Since, DateTime AsOf)
{
    /// <summary>Rows a second.</summary>
    public double Rate => Seconds > 0 ? Math.Round((Count.Rows + Count.Dropped) / Seconds, 1) : 0;

    /// <summary>How long the rest takes if it goes on like this; null while nothing tells.</summary>
    public double? RemainingSeconds => Ranges == 0 ? null : Math.Round(Seconds / Ranges * (OfRanges - Ranges), 1);

    private double Seconds => (AsOf - Since).TotalSeconds;

    public RebuildProgress With(int ranges, RebuildCount count, DateTime now) => this with { Ranges = Ranges + ranges, Count = Count + count, AsOf = now };
}

using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Projections;

/// <summary>Measures each projection's lag, and clears away versions that are needed no more.</summary>
public sealed class TendProjectionsFunction(ProjectionLagProbe lag, ProjectionVersions versions)
{
    /// <summary>How long switching back is possible. A previous version costs a write for each event while it is kept.</summary>
    public static readonly TimeSpan KeepPrevious = TimeSpan.FromDays(1);

    [Function(nameof(TendProjections))]
    public async Task TendProjections([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        foreach (var projection in ProjectionCatalog.All)
        {
            await lag.MeasureAsync(projection.Name, cancellation);
            await versions.TidyAsync(projection.Name, KeepPrevious, cancellation);
        }
    }
}

using Atomic.EventSourcing;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Projections;

/// <summary>The parts of a rebuild, each of which can be done again.</summary>
public sealed class RebuildActivities(IProjectionStates states, ProjectionVersions versions, IServiceProvider services)
{
    [Function(nameof(RebuildRanges))]
    public async Task<RebuildCount> RebuildRanges([ActivityTrigger] RebuildPart part, CancellationToken cancellation)
    {
        var projection = ProjectionCatalog.Find(part.Projection)
            ?? throw new InvalidOperationException($"There is no projection '{part.Projection}' any more.");
        var state = await states.LoadAsync(part.Projection, cancellation);
        return state.Other?.Number == part.Version
            ? await projection.RebuildAsync(services, state, part.Version, part.From, part.To, cancellation)
            : RebuildCount.None;
    }

    [Function(nameof(CompleteRebuild))]
    public Task CompleteRebuild([ActivityTrigger] Rebuild rebuild, CancellationToken cancellation) =>
        versions.CompleteAsync(rebuild.Projection, rebuild.Version, cancellation);

    [Function(nameof(GiveUpRebuild))]
    public Task GiveUpRebuild([ActivityTrigger] Rebuild rebuild, CancellationToken cancellation) =>
        versions.GiveUpAsync(rebuild.Projection, rebuild.Version, cancellation);
}

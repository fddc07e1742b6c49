using Atomic.EventSourcing;

namespace Atomic.Functions.Projections;

/// <summary>Changes the versions of projections, each by one conditional write.</summary>
public sealed class ProjectionVersions(IProjectionStates states, ProjectionDirectory directory, TimeProvider time)
{
    private const int Attempts = 10;

    /// <summary>A new version under way; null when one is under way already.</summary>
    public Task<ProjectionState?> RebuildAsync(string projection, CancellationToken cancellation) =>
        ChangeAsync(projection, state => state.Rebuild(time.GetUtcNow()), cancellation);

    /// <summary>The version complete; null when it is not under way any more.</summary>
    public Task<ProjectionState?> CompleteAsync(string projection, int version, CancellationToken cancellation) =>
        ChangeAsync(projection, state => state.Complete(version, time.GetUtcNow()), cancellation);

    /// <summary>The version given up; null when it is not under way any more.</summary>
    public Task<ProjectionState?> GiveUpAsync(string projection, int version, CancellationToken cancellation) =>
        ChangeAsync(projection, state => state.GiveUp(version, time.GetUtcNow()), cancellation);

    /// <summary>The ready, or the previous, version active; null when there is none.</summary>
    public Task<ProjectionState?> SwitchAsync(string projection, CancellationToken cancellation) =>
        ChangeAsync(projection, state => state.Switch(time.GetUtcNow()), cancellation);

    /// <summary>
    /// Retires a previous version that was kept for <paramref name="keep"/>, and drops the tables of retired versions that no process can be
    /// writing to any more.
    /// </summary>
    public async Task TidyAsync(string projection, TimeSpan keep, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await ChangeAsync(projection, state => state.Other is { } other && other.Since + keep <= now ? state.Retire(now) : null, cancellation);
        var current = await states.LoadAsync(projection, cancellation);
        foreach (var version in current.Retired.Where(version => version.Since + ProjectionDirectory.Settled <= now))
        {
            await states.DropAsync(current, version.Number, cancellation);
            await ChangeAsync(projection, state => state.WithoutRetired(version.Number), cancellation);
        }
    }

    private async Task<ProjectionState?> ChangeAsync(
        string projection, Func<ProjectionState, ProjectionState?> change, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (change(await states.LoadAsync(projection, cancellation)) is not { } changed) return null;
            if (await states.WriteAsync(changed, cancellation)) return await directory.RefreshAsync(projection, cancellation);
        }

        throw new InvalidOperationException($"The versions of {projection} were changed by others {Attempts} times in between.");
    }
}

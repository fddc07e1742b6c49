namespace Atomic.EventSourcing;

/// <summary>
/// The states of projections as this process knows them, at most <see cref="Staleness"/> old, so that projecting an event costs no
/// request to learn where it goes. Who changes a state and needs every process to have heard of it waits <see cref="Settled"/>.
/// </summary>
public sealed class ProjectionDirectory(IProjectionStates states, TimeProvider time)
{
    /// <summary>The oldest that an answer can be.</summary>
    public static readonly TimeSpan Staleness = TimeSpan.FromSeconds(1);

    /// <summary>How long after a change no process acts on what was before it.</summary>
    public static readonly TimeSpan Settled = 2 * Staleness;

    private Known? _known;

    public async ValueTask<ProjectionState> FindAsync(string projection, CancellationToken cancellation)
    {
        var known = _known is { } recent && time.GetElapsedTime(recent.AsOf) < Staleness ? recent : await RefreshAsync(cancellation);
        return known.Of(projection);
    }

    /// <summary>The state as it is now, for this process from now on.</summary>
    public async Task<ProjectionState> RefreshAsync(string projection, CancellationToken cancellation) => (await RefreshAsync(cancellation)).Of(projection);

    private async Task<Known> RefreshAsync(CancellationToken cancellation)
    {
        // As of before the question: what was asked for later is not older than it says.
        var asked = time.GetTimestamp();
        var known = new Known(await states.LoadAllAsync(cancellation), asked);
        if (_known is null || _known.AsOf <= asked) _known = known;
        return known;
    }

    private sealed record Known(IReadOnlyDictionary<string, ProjectionState> States, long AsOf)
    {
        public ProjectionState Of(string projection) => States.GetValueOrDefault(projection) ?? ProjectionState.Initial(projection);
    }
}

using System.Collections.Concurrent;

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

    private readonly ConcurrentDictionary<string, (ProjectionState State, long AsOf)> _known = new();

    public async ValueTask<ProjectionState> FindAsync(string projection, CancellationToken cancellation)
    {
        if (_known.TryGetValue(projection, out var known) && time.GetElapsedTime(known.AsOf) < Staleness)
            return known.State;
        return await RefreshAsync(projection, cancellation);
    }

    /// <summary>The state as it is now, for this process from now on.</summary>
    public async Task<ProjectionState> RefreshAsync(string projection, CancellationToken cancellation)
    {
        // As of before the question: what was asked for later is not older than it says.
        var asked = time.GetTimestamp();
        var state = await states.LoadAsync(projection, cancellation);
        _known[projection] = (state, asked);
        return state;
    }
}

namespace Atomic.EventSourcing;

/// <summary>What is known of each projection: its versions, and the rows that stand still.</summary>
public interface IProjectionStates
{
    /// <summary>The state of a projection, <see cref="ProjectionState.Initial"/> when nothing was ever written. One request.</summary>
    Task<ProjectionState> LoadAsync(string projection, CancellationToken cancellation);

    /// <summary>The states of all projections of which anything was ever written, by name. One request.</summary>
    Task<IReadOnlyDictionary<string, ProjectionState>> LoadAllAsync(CancellationToken cancellation);

    /// <summary>
    /// Writes the versions (and not <see cref="ProjectionState.Blocked"/>) if they are still as they were loaded; false when they are not.
    /// </summary>
    Task<bool> WriteAsync(ProjectionState state, CancellationToken cancellation);

    /// <summary>Records that a row stands still; again is harmless.</summary>
    Task BlockAsync(string projection, BlockedRow row, CancellationToken cancellation);

    /// <summary>Records that a row goes on; again is harmless.</summary>
    Task UnblockAsync(string projection, int version, string key, CancellationToken cancellation);

    /// <summary>Takes a retired version's rows, and all records of its blocked rows, away; again is harmless.</summary>
    Task DropAsync(ProjectionState state, int version, CancellationToken cancellation);
}

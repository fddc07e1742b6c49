using Atomic.EventSourcing;

namespace Atomic.Verification.Storage;

/// <summary>The contract of projections' states without I/O.</summary>
public sealed class InMemoryProjectionStates(InMemoryReadModels rows) : IProjectionStates
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ProjectionState> _states = [];
    private long _writes;

    public Task<ProjectionState> LoadAsync(string projection, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate) return Task.FromResult(Find(projection));
    }

    public Task<IReadOnlyDictionary<string, ProjectionState>> LoadAllAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate) return Task.FromResult<IReadOnlyDictionary<string, ProjectionState>>(new Dictionary<string, ProjectionState>(_states));
    }

    public Task<bool> WriteAsync(ProjectionState state, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var stored = Find(state.Projection);
            if (stored.Tag != state.Tag) return Task.FromResult(false);
            _states[state.Projection] = state with { Blocked = stored.Blocked, Tag = $"{++_writes}" };
            return Task.FromResult(true);
        }
    }

    public Task BlockAsync(string projection, BlockedRow row, CancellationToken cancellation) => Change(projection, blocked =>
        [.. blocked.Where(other => other.Version != row.Version || other.Key != row.Key), row]);

    public Task UnblockAsync(string projection, int version, string key, CancellationToken cancellation) => Change(projection, blocked =>
        [.. blocked.Where(other => other.Version != version || other.Key != key)]);

    public Task DropAsync(ProjectionState state, int version, CancellationToken cancellation)
    {
        rows.Drop(state.TableOf(version));
        return Change(state.Projection, blocked => [.. blocked.Where(row => row.Version != version)]);
    }

    private Task Change(string projection, Func<IReadOnlyList<BlockedRow>, IReadOnlyList<BlockedRow>> change)
    {
        lock (_gate)
        {
            var state = Find(projection);
            _states[projection] = state with { Blocked = change(state.Blocked) };
        }

        return Task.CompletedTask;
    }

    private ProjectionState Find(string projection) => _states.GetValueOrDefault(projection) ?? ProjectionState.Initial(projection);
}

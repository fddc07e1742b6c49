using Atomic.EventSourcing;
using Atomic.Testing.EventStore;
using Atomic.Verification.Storage;

namespace Atomic.Unit.EventSourcing;

public sealed class In_memory_event_store : EventStoreContract
{
    private readonly InMemoryEventStore _store = new(TimeProvider.System);

    protected override Task<(IEventStore Here, IEventStore Elsewhere)> StoresAsync() =>
        Task.FromResult<(IEventStore, IEventStore)>((_store, _store));
}

public sealed class In_memory_read_models : ReadModelContract
{
    private readonly InMemoryReadModels _store = new();

    protected override Task<(IReadModelStore Here, IReadModelStore Elsewhere)> StoresAsync() =>
        Task.FromResult<(IReadModelStore, IReadModelStore)>((_store, _store));
}

public sealed class In_memory_projection_states : ProjectionStatesContract
{
    private readonly InMemoryReadModels _rows = new();
    private readonly InMemoryProjectionStates _states;

    public In_memory_projection_states() => _states = new InMemoryProjectionStates(_rows);

    protected override Task<(IProjectionStates States, IReadModelStore Rows)> StoresAsync() =>
        Task.FromResult<(IProjectionStates, IReadModelStore)>((_states, _rows));
}

public sealed class In_memory_continuations : ContinuationsContract
{
    private readonly InMemoryContinuations _continuations = new();

    protected override Task<(IContinuations Here, IContinuations Elsewhere)> ContinuationsAsync() =>
        Task.FromResult<(IContinuations, IContinuations)>((_continuations, _continuations));
}

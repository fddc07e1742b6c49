using Atomic.EventSourcing;
using Atomic.Testing.EventStore;

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

using Atomic.EventSourcing;
using Atomic.Testing.Azurite;
using Atomic.Testing.EventStore;
using Xunit;

namespace Atomic.Integration.TableStorage;

[Collection(AzuriteFixture.Collection)]
public sealed class Table_event_store(AzuriteFixture azurite) : EventStoreContract
{
    protected override async Task<(IEventStore Here, IEventStore Elsewhere)> StoresAsync() =>
        ((await Stores.NewAsync(azurite)).Events, (await Stores.NewAsync(azurite)).Events);
}

[Collection(AzuriteFixture.Collection)]
public sealed class Table_read_models(AzuriteFixture azurite) : ReadModelContract
{
    protected override async Task<(IReadModelStore Here, IReadModelStore Elsewhere)> StoresAsync() =>
        ((await Stores.NewAsync(azurite)).Rows, (await Stores.NewAsync(azurite)).Rows);
}

[Collection(AzuriteFixture.Collection)]
public sealed class Table_projection_states(AzuriteFixture azurite) : ProjectionStatesContract
{
    protected override async Task<(IProjectionStates States, IReadModelStore Rows)> StoresAsync()
    {
        var stores = await Stores.NewAsync(azurite);
        return (stores.States, stores.Rows);
    }
}

[Collection(AzuriteFixture.Collection)]
public sealed class Table_continuations(AzuriteFixture azurite) : ContinuationsContract
{
    protected override async Task<(IContinuations Here, IContinuations Elsewhere)> ContinuationsAsync() =>
        ((await Stores.NewAsync(azurite)).Continuations, (await Stores.NewAsync(azurite)).Continuations);
}

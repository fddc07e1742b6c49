using Atomic.Functions.Definitions;
using Atomic.Testing.Azurite;
using Xunit;

namespace Atomic.Integration.Coordination;

/// <summary>One host for all tests of a class, started by the first. Each test has accounts and transactions of its own.</summary>
public sealed class ClassHost(AzuriteFixture azurite) : IAsyncLifetime
{
    private CoordinatedHost? _host;

    /// <param name="definitions">Instead of the shipped ones; the same for all tests of the class.</param>
    internal async Task<CoordinatedHost> StartedAsync(IReadOnlyList<TransactionType>? definitions = null) =>
        _host ??= await CoordinatedHost.StartAsync(azurite, definitions);

    internal void LetAll()
    {
        _host?.Participants.LetAll();
        _host?.Bus.LetAll();
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
    }
}

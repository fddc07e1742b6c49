using System.Diagnostics.Metrics;
using Atomic.EventSourcing;
using Atomic.Functions.Projections;
using Atomic.Verification.Storage;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace Atomic.Unit.Projections;

/// <summary>The versions of projections, in memory and on a clock that a test moves.</summary>
internal sealed class RebuiltProjections
{
    public const string StockLevels = "stock-levels";

    private static readonly Dictionary<string, string> NoColumns = [];

    private readonly InMemoryReadModels _rows = new();

    public RebuiltProjections(FakeTimeProvider? time = null)
    {
        Time = time ?? new FakeTimeProvider(new DateTimeOffset(2030, 1, 31, 12, 0, 0, TimeSpan.Zero));
        States = new InMemoryProjectionStates(_rows);
        Versions = new ProjectionVersions(States, new ProjectionDirectory(States, Time), Time);
        var (bus, receiver) = (new Mock<ServiceBusClient>(), new Mock<ServiceBusReceiver>());
        receiver.Setup(each => each.PeekMessagesAsync(It.IsAny<int>(), It.IsAny<long?>(), It.IsAny<CancellationToken>())).ReturnsAsync([]);
        bus.Setup(each => each.CreateReceiver(It.IsAny<string>(), It.IsAny<string>())).Returns(receiver.Object);
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        Lag = new ProjectionLagProbe(bus.Object, new ProjectionMetrics(meters, Time), Time);
    }

    public FakeTimeProvider Time { get; }

    public InMemoryProjectionStates States { get; }

    public ProjectionVersions Versions { get; }

    /// <summary>Nothing waits for any projection.</summary>
    public ProjectionLagProbe Lag { get; }

    public Task<ProjectionState> StateAsync() => States.LoadAsync(StockLevels, default);

    /// <summary>A version under way, which has written a row.</summary>
    public async Task<int> BuildingAsync()
    {
        var state = (await Versions.RebuildAsync(StockLevels, default))!;
        await WriteAsync(state.Last);
        return state.Last;
    }

    public Task TendAsync() => new TendProjectionsFunction(Lag, Versions).TendProjections(new(), default);

    public async Task WriteAsync(int version) => await _rows.WriteAsync(
        (await StateAsync()).TableOf(version), new Row<string>("tea", "5", new Dictionary<string, long>(), null), NoColumns, default);

    /// <summary>Whether the table of a version still holds the row that it wrote.</summary>
    public async Task<bool> HasRowsAsync(int version) =>
        await _rows.FindAsync<string>((await StateAsync()).TableOf(version), "tea", fresh: true, default) is not null;
}

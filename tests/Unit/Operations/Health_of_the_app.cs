using Atomic.EventSourcing;
using Atomic.Functions.Http;
using Atomic.Functions.Operations;
using Atomic.Testing;
using Azure.Messaging.ServiceBus;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Xunit;

namespace Atomic.Unit.Operations;

/// <summary>What the app stands on, each part up or down by itself.</summary>
public sealed class Health_of_the_app
{
    private const string Ok = "ok";

    private readonly FakeTimeProvider _time = new();
    private readonly Mock<IEventStore> _storage = new();
    private readonly Mock<ServiceBusClient> _bus = new();
    private readonly Mock<ServiceBusReceiver> _receiver = new();
    private readonly Mock<DurableTaskClient> _engine = new("asked");

    public Health_of_the_app()
    {
        _bus.Setup(bus => bus.CreateReceiver(It.IsAny<string>())).Returns(_receiver.Object);
    }

    [Fact]
    public async Task Is_good_when_everything_answers()
    {
        var report = await CheckAsync();

        Assert.True(report.Healthy);
        Assert.Equal(["bus", "engine", "host", "storage"], report.Parts.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("storage")]
    [InlineData("bus")]
    [InlineData("engine")]
    public async Task Names_what_is_down_and_nothing_else(string part)
    {
        Break(part, new IOException("secret-host.example refused"));

        var report = await CheckAsync();

        Assert.False(report.Healthy);
        Assert.Equal([part], report.Parts.Where(each => each.Value != Ok).Select(each => each.Key));
        Assert.DoesNotContain("secret-host", string.Join(' ', report.Parts.Values), StringComparison.Ordinal);
    }

    // Whoever asks for health gives up soon, and must hear which part it was.
    [Theory]
    [InlineData("storage")]
    [InlineData("bus")]
    [InlineData("engine")]
    public async Task Does_not_wait_for_what_never_answers(string part)
    {
        Hang(part);
        var checking = CheckAsync();
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return checking.IsCompleted;
            },
            "The health is told");

        Assert.Equal([part], (await checking).Parts.Where(each => each.Value != Ok).Select(each => each.Key));
    }

    [Fact]
    public async Task Is_200_or_503()
    {
        Assert.Equal(StatusCodes.Status200OK, await StatusAsync());
        Break("engine", new IOException());
        Assert.Equal(StatusCodes.Status503ServiceUnavailable, await StatusAsync());
    }

    private Health Health => new(_storage.Object, _bus.Object, _time, NullLogger<Health>.Instance);

    private Task<HealthReport> CheckAsync() => Health.CheckAsync(_engine.Object, CancellationToken.None);

    private async Task<int?> StatusAsync() =>
        (await new GetHealthFunction(Health).GetHealth(new DefaultHttpContext().Request, _engine.Object, CancellationToken.None) as IStatusCodeHttpResult)?.StatusCode;

    private void Break(string part, Exception e)
    {
        _storage.Setup(store => store.FindRecordAsync(It.IsAny<StreamId>(), It.IsAny<string>(), It.IsAny<CancellationToken>())).Returns(
            () => part == "storage" ? Task.FromException<CommandRecord?>(e) : Task.FromResult<CommandRecord?>(null));
        _receiver.Setup(receiver => receiver.PeekMessageAsync(It.IsAny<long?>(), It.IsAny<CancellationToken>())).Returns(
            () => part == "bus" ? Task.FromException<ServiceBusReceivedMessage?>(e) : Task.FromResult<ServiceBusReceivedMessage?>(null));
        _engine.Setup(engine => engine.GetInstanceAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).Returns(
            () => part == "engine" ? Task.FromException<OrchestrationMetadata?>(e) : Task.FromResult<OrchestrationMetadata?>(null));
    }

    private void Hang(string part)
    {
        if (part == "storage")
        {
            _storage.Setup(store => store.FindRecordAsync(It.IsAny<StreamId>(), It.IsAny<string>(), It.IsAny<CancellationToken>()))
                .Returns(new TaskCompletionSource<CommandRecord?>().Task);
        }

        if (part == "bus")
        {
            _receiver.Setup(receiver => receiver.PeekMessageAsync(It.IsAny<long?>(), It.IsAny<CancellationToken>()))
                .Returns(new TaskCompletionSource<ServiceBusReceivedMessage?>().Task);
        }

        if (part == "engine")
        {
            _engine.Setup(engine => engine.GetInstanceAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
                .Returns(new TaskCompletionSource<OrchestrationMetadata?>().Task);
        }
    }
}

using Atomic.Functions.Access;
using Atomic.Functions.Watch;
using Atomic.Unit.Access;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Xunit;

namespace Atomic.Unit.Watch;

public sealed class Purging_histories
{
    private static readonly DateTimeOffset Now = new(2030, 1, 31, 4, 30, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Now);
    private readonly Mock<DurableTaskClient> _engine = new("purged");
    private PurgeInstancesFilter? _asked;

    [Fact]
    public async Task Takes_what_completed_and_was_kept_for_as_long_as_it_is_to_be()
    {
        Purges(new PurgeResult(7));

        await RunAsync();

        Assert.Equal((null, Now.AddDays(-30)), (_asked!.CreatedFrom, _asked.CreatedTo));
        Assert.Equal([OrchestrationRuntimeStatus.Completed], _asked.Statuses);
    }

    [Fact]
    public async Task Ends_before_the_function_has_to_and_goes_on_the_next_night()
    {
        Purges(null);
        var running = RunAsync();
        _time.Advance(TimeSpan.FromMinutes(4));

        await running;
    }

    [Fact]
    public async Task Is_told_apart_from_a_host_that_stops()
    {
        Purges(null);
        using var stopping = new CancellationTokenSource();
        var running = RunAsync(stopping.Token);
        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private Task RunAsync(CancellationToken cancellation = default) =>
        new PurgeHistoriesFunction(Call.Settings(AccessMode.Keys), _time, NullLogger<PurgeHistoriesFunction>.Instance)
            .PurgeHistories(new TimerInfo(), _engine.Object, cancellation);

    /// <param name="result">Null for a purge that never comes to its end.</param>
    private void Purges(PurgeResult? result) => _engine
        .Setup(engine => engine.PurgeAllInstancesAsync(It.IsAny<PurgeInstancesFilter>(), It.IsAny<CancellationToken>()))
        .Returns(async (PurgeInstancesFilter filter, CancellationToken cancellation) =>
        {
            _asked = filter;
            if (result is null) await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellation);
            return result!;
        });
}

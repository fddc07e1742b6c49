using System.Collections.Concurrent;
using Atomic.Functions.Access;
using Atomic.Functions.Watch;
using Atomic.Unit.Access;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Xunit;

namespace Atomic.Unit.Watch;

public sealed class Purging_histories
{
    private static readonly DateTimeOffset Now = new(2030, 1, 31, 4, 30, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Until = Now.AddDays(-30);

    private readonly FakeTimeProvider _time = new(Now);
    private readonly Mock<DurableTaskClient> _engine = new("purged");
    private readonly ConcurrentBag<string> _purged = [];
    private OrchestrationQuery? _asked;

    // One had waited for a person for 40 days when it ended: it began before the others.
    [Fact]
    public async Task Takes_what_ended_as_long_ago_as_it_is_to_be_kept_and_not_what_began_then()
    {
        Holds(Ended("old", began: Until.AddDays(-2), Until.AddTicks(-1)), Ended("new", began: Until.AddDays(-40), Until), Ended("older", began: Until.AddDays(-9), Until.AddDays(-9)));

        await RunAsync();

        Assert.Equal(["old", "older"], _purged.Order(StringComparer.Ordinal));
        Assert.Equal((null, Until), (_asked!.CreatedFrom, _asked.CreatedTo));
        Assert.Equal([OrchestrationRuntimeStatus.Completed], _asked.Statuses);
    }

    [Fact]
    public async Task Ends_before_the_function_has_to_and_goes_on_the_next_night()
    {
        NeverEnds();
        var running = RunAsync();
        _time.Advance(TimeSpan.FromMinutes(4));

        await running;
    }

    [Fact]
    public async Task Is_told_apart_from_a_host_that_stops()
    {
        NeverEnds();
        using var stopping = new CancellationTokenSource();
        var running = RunAsync(stopping.Token);
        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private Task RunAsync(CancellationToken cancellation = default) =>
        new PurgeHistoriesFunction(Call.Settings(AccessMode.Keys), _time, NullLogger<PurgeHistoriesFunction>.Instance)
            .PurgeHistories(new TimerInfo(), _engine.Object, cancellation);

    private static OrchestrationMetadata Ended(string id, DateTimeOffset began, DateTimeOffset ended) =>
        new("RunTransaction", id) { RuntimeStatus = OrchestrationRuntimeStatus.Completed, CreatedAt = began, LastUpdatedAt = ended };

    private void Holds(params OrchestrationMetadata[] instances)
    {
        _engine.Setup(engine => engine.GetAllInstancesAsync(It.IsAny<OrchestrationQuery?>())).Callback((OrchestrationQuery? query) => _asked = query)
            .Returns(new InPages(instances));
        _engine.Setup(engine => engine.PurgeInstanceAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).Callback((string id, CancellationToken _) => _purged.Add(id))
            .ReturnsAsync(new PurgeResult(1));
    }

    private void NeverEnds()
    {
        Holds(Ended("old", Until.AddDays(-2), Until.AddDays(-1)));
        _engine.Setup(engine => engine.PurgeInstanceAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).Returns(async (string _, CancellationToken cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellation);
            return new PurgeResult(0);
        });
    }

    /// <summary>One to a page.</summary>
    private sealed class InPages(OrchestrationMetadata[] instances) : AsyncPageable<OrchestrationMetadata>
    {
        public override async IAsyncEnumerable<Page<OrchestrationMetadata>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
        {
            foreach (var instance in instances)
            {
                await Task.CompletedTask;
                yield return new Page<OrchestrationMetadata>([instance]);
            }
        }
    }
}

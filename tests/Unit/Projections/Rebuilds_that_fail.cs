using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Projections;
using Atomic.Testing;
using Atomic.Testing.DurableTask;
using Atomic.Unit.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;
using static Atomic.Unit.Projections.RebuiltProjections;

namespace Atomic.Unit.Projections;

/// <summary>The real orchestrator on the embedded engine: one part fails however often it is tried, and another takes its time.</summary>
public sealed class Rebuilds_that_fail
{
    private const int Attempts = 8;

    private readonly TaskCompletionSource _slowEnds = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RebuiltProjections? _projections;
    private int _failures;

    [Fact]
    public async Task Give_up_only_when_no_part_runs_any_more_so_that_none_writes_into_a_dropped_table()
    {
        await using var backend = await EmbeddedBackend.StartAsync(Tasks());
        _projections = new RebuiltProjections(backend.Time);
        var version = await _projections.BuildingAsync();
        var instance = RebuildOrchestrator.InstanceOf(StockLevels, version);
        await backend.Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(RebuildOrchestrator.RebuildProjection), new Rebuild(StockLevels, version), new StartOrchestrationOptions(instance));

        await FailedAsync(backend);
        // Who did not wait for the slow part would have given up by then.
        await Task.WhenAny(_givenUp.Task, Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System));
        var whileOneRan = (await _projections.StateAsync()).Other;
        _slowEnds.SetResult();
        Assert.Equal(VersionStage.Building, whileOneRan?.Stage);
        await backend.Client.WaitForInstanceCompletionAsync(instance);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await backend.Client.GetInstanceAsync(instance))!.RuntimeStatus);
        Assert.Null((await _projections.StateAsync()).Other);
        backend.Time.Advance(ProjectionDirectory.Settled);
        await _projections.TendAsync();
        Assert.False(await _projections.HasRowsAsync(version));
        Assert.Equal(version + 1, await _projections.BuildingAsync());
    }

    /// <summary>Ends when the part that fails has been tried for the last time.</summary>
    private Task FailedAsync(EmbeddedBackend backend) => Eventually.HoldsAsync(
        () =>
        {
            if (_failures == Attempts) return true;
            // Not while something runs only: the slow part runs all the time.
            if (backend.Engine.NextTimer is { } next && next >= backend.Time.GetUtcNow()) backend.Time.SetUtcNow(next + TimeSpan.FromMilliseconds(1));
            return false;
        },
        "A part has failed for the last time");

    private DurableTasks Tasks()
    {
        var orchestrator = new RebuildOrchestrator();
        return new DurableTasks()
            .Orchestrator(nameof(RebuildOrchestrator.RebuildProjection), async context => await orchestrator.RebuildProjection(context))
            .Activity(nameof(RebuildActivities.RebuildRanges), async call =>
            {
                var part = call.Deserialize<RebuildPart>(StorageJson.Options)!;
                if (part.From == 0)
                {
                    Interlocked.Increment(ref _failures);
                    throw new IOException("The storage is down.");
                }

                if (part.To == IStreamScan.Ranges)
                {
                    await _slowEnds.Task;
                    await _projections!.WriteAsync(part.Version);
                }

                return RebuildCount.None;
            })
            .Activity(nameof(RebuildActivities.GiveUpRebuild), async call =>
            {
                var rebuild = call.Deserialize<Rebuild>(StorageJson.Options)!;
                await _projections!.Versions.GiveUpAsync(rebuild.Projection, rebuild.Version, default);
                _givenUp.SetResult();
                return null;
            });
    }
}

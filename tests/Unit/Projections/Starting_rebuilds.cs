using Atomic.Functions.Http;
using Atomic.Functions.Projections;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Moq;
using Xunit;
using static Atomic.Unit.Projections.RebuiltProjections;

namespace Atomic.Unit.Projections;

public sealed class Starting_rebuilds
{
    private readonly RebuiltProjections _projections = new();
    private readonly Mock<DurableTaskClient> _engine = new("starts");
    private readonly Dictionary<string, OrchestrationRuntimeStatus> _instances = [];
    private readonly List<string> _scheduled = [];

    public Starting_rebuilds()
    {
        _engine.Setup(engine => engine.GetInstanceAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns((string id, CancellationToken _) => Task.FromResult(Find(id)));
        _engine.Setup(engine => engine.GetInstanceAsync(It.IsAny<string>(), It.IsAny<bool>(), It.IsAny<CancellationToken>()))
            .Returns((string id, bool _, CancellationToken _) => Task.FromResult(Find(id)));
        Schedules(_scheduled.Add);
    }

    [Fact]
    public async Task Two_at_once_are_one_that_is_started_and_one_that_is_told_so()
    {
        // Between this one's look at the instance and its start, the other one starts it.
        Schedules(instance =>
        {
            _instances[instance] = OrchestrationRuntimeStatus.Running;
            throw new InvalidOperationException($"An instance {instance} exists already.");
        });

        Assert.Equal(StatusCodes.Status409Conflict, await StartAsync());
    }

    [Fact]
    public async Task One_that_the_engine_does_not_take_is_no_conflict()
    {
        Schedules(_ => throw new IOException("The engine is down."));

        Assert.NotEqual(StatusCodes.Status409Conflict, await StartAsync());
    }

    [Fact]
    public async Task One_that_was_cut_short_before_its_orchestration_began_is_begun_by_the_next()
    {
        var version = await _projections.BuildingAsync();

        Assert.Equal(StatusCodes.Status202Accepted, await StartAsync());

        Assert.Equal([RebuildOrchestrator.InstanceOf(StockLevels, version)], _scheduled);
        Assert.Equal(version, (await _projections.StateAsync()).Other!.Number);
    }

    [Fact]
    public async Task One_whose_orchestration_was_ended_from_outside_is_given_up_for_the_next()
    {
        var version = await _projections.BuildingAsync();
        _instances[RebuildOrchestrator.InstanceOf(StockLevels, version)] = OrchestrationRuntimeStatus.Terminated;

        Assert.Equal(StatusCodes.Status202Accepted, await StartAsync());

        Assert.Equal([RebuildOrchestrator.InstanceOf(StockLevels, version + 1)], _scheduled);
        Assert.Equal(version, Assert.Single((await _projections.StateAsync()).Retired).Number);
    }

    [Fact]
    public async Task One_that_runs_is_left_alone()
    {
        var version = await _projections.BuildingAsync();
        _instances[RebuildOrchestrator.InstanceOf(StockLevels, version)] = OrchestrationRuntimeStatus.Running;

        Assert.Equal(StatusCodes.Status409Conflict, await StartAsync());

        Assert.Empty(_scheduled);
        Assert.Equal(version, (await _projections.StateAsync()).Other!.Number);
    }

    private async Task<int?> StartAsync()
    {
        var functions = new ProjectionsFunctions(_projections.States, _projections.Versions, _projections.Lag);
        var answer = await functions.StartRebuild(new DefaultHttpContext().Request, _engine.Object, StockLevels, default);
        return (answer as IStatusCodeHttpResult)?.StatusCode;
    }

    private OrchestrationMetadata? Find(string instance) => _instances.TryGetValue(instance, out var status)
        ? new OrchestrationMetadata(nameof(RebuildOrchestrator.RebuildProjection), instance) { RuntimeStatus = status }
        : null;

    private void Schedules(Action<string> start) => _engine
        .Setup(engine => engine.ScheduleNewOrchestrationInstanceAsync(
            It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<StartOrchestrationOptions?>(), It.IsAny<CancellationToken>()))
        .Returns((TaskName _, object? _, StartOrchestrationOptions? options, CancellationToken _) =>
        {
            start(options!.InstanceId!);
            return Task.FromResult(options.InstanceId!);
        });
}

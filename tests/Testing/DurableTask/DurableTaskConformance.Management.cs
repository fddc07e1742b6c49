using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Testing.DurableTask;

public abstract partial class DurableTaskConformance
{
    [Fact]
    public async Task A_purged_instance_is_gone_and_a_running_one_is_not_purged()
    {
        await using var backend = await StartAsync(Waiting());
        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("wait");
        await SeenAsync(backend, id, "waiting");
        Assert.Equal(0, (await backend.Client.PurgeInstanceAsync(id)).PurgedInstanceCount);

        await backend.Client.RaiseEventAsync(id, "go", "");
        await EndAtOnceAsync(backend, id);

        Assert.Equal(1, (await backend.Client.PurgeInstanceAsync(id)).PurgedInstanceCount);
        Assert.Null(await backend.Client.GetInstanceAsync(id));
        Assert.Equal(0, (await backend.Client.PurgeInstanceAsync(id)).PurgedInstanceCount);
    }

    [Fact]
    public async Task A_purge_by_filter_takes_what_has_ended_so()
    {
        await using var backend = await StartAsync(Waiting().Orchestrator("throw", _ => throw new TimeoutException()));
        var completed = await backend.Client.ScheduleNewOrchestrationInstanceAsync("wait");
        await SeenAsync(backend, completed, "waiting");
        await backend.Client.RaiseEventAsync(completed, "go", "");
        var created = (await EndAtOnceAsync(backend, completed)).CreatedAt;
        var failed = (await RunAsync(backend, "throw")).InstanceId;

        var purged = await backend.Client.PurgeAllInstancesAsync(
            new PurgeInstancesFilter(CreatedFrom: created.AddSeconds(-1), Statuses: [OrchestrationRuntimeStatus.Failed]));

        Assert.Equal(1, purged.PurgedInstanceCount);
        Assert.Null(await backend.Client.GetInstanceAsync(failed));
        Assert.NotNull(await backend.Client.GetInstanceAsync(completed));
    }

    [Fact]
    public async Task A_restart_runs_the_same_input_again()
    {
        var runs = 0;
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("again", async context => $"{context.GetInput<string>()} {await context.CallActivityAsync<int>("count")}")
            .Activity("count", _ => ++runs));
        var first = await RunAsync(backend, "again", "run");
        Completed("run 1", first);

        Assert.Equal(first.InstanceId, await backend.Client.RestartAsync(first.InstanceId));
        Completed("run 2", await EndAsync(backend, first.InstanceId));

        var other = await backend.Client.RestartAsync(first.InstanceId, restartWithNewInstanceId: true);
        Assert.NotEqual(first.InstanceId, other);
        Completed("run 3", await EndAsync(backend, other));
        await Assert.ThrowsAsync<ArgumentException>(() => backend.Client.RestartAsync(NewId()));
    }

    [Fact]
    public async Task A_running_instance_is_not_restarted_under_its_id()
    {
        await using var backend = await StartAsync(Waiting());
        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("wait");
        await SeenAsync(backend, id, "waiting");

        await Assert.ThrowsAsync<InvalidOperationException>(() => backend.Client.RestartAsync(id));
    }

    [Fact]
    public async Task A_rewound_instance_runs_only_the_failed_activity_again()
    {
        var (good, bad) = (0, 0);
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("work", async context => await context.CallActivityAsync<int>("good") + await context.CallActivityAsync<int>("bad"))
            .Activity("good", _ => ++good)
            .Activity("bad", _ => ++bad == 1 ? throw new TimeoutException("the first time") : 10));
        var id = (await RunAsync(backend, "work")).InstanceId;

        await backend.Client.RewindInstanceAsync(id, "mended");

        Completed(11, await RewoundAsync(backend, id));
        Assert.Equal((1, 2), (good, bad));
    }

    [Fact]
    public async Task A_rewind_reaches_into_failed_sub_orchestrations()
    {
        var attempts = 0;
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("parent", async context => await context.CallSubOrchestratorAsync<int>("child"))
            .Orchestrator("child", async context => await context.CallActivityAsync<int>("flaky"))
            .Activity("flaky", _ => ++attempts == 1 ? throw new TimeoutException() : attempts));
        var id = (await RunAsync(backend, "parent")).InstanceId;

        await backend.Client.RewindInstanceAsync(id, "mended");

        Completed(2, await RewoundAsync(backend, id));
    }

    [Fact]
    public async Task Only_a_failed_instance_is_rewound()
    {
        await using var backend = await StartAsync(new DurableTasks().Orchestrator("fine", _ => Task.FromResult<object?>(1)));
        var id = (await RunAsync(backend, "fine")).InstanceId;

        await Assert.ThrowsAsync<InvalidOperationException>(() => backend.Client.RewindInstanceAsync(id, "why"));
        await Assert.ThrowsAsync<ArgumentException>(() => backend.Client.RewindInstanceAsync(NewId(), "why"));
    }

    // A rewind is accepted before it is carried out, so the old end may be seen for a while.
    private static Task<OrchestrationMetadata> RewoundAsync(IDurableBackend backend, string id) =>
        SeenAsync(backend, id, instance => instance.RuntimeStatus == OrchestrationRuntimeStatus.Completed);
}

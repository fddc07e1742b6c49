using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Testing.DurableTask;

public abstract partial class DurableTaskConformance
{
    [Fact]
    public async Task An_instance_that_does_not_exist_is_null()
    {
        await using var backend = await StartAsync(new DurableTasks());

        Assert.Null(await backend.Client.GetInstanceAsync(NewId()));
    }

    [Fact]
    public async Task A_start_with_the_id_of_a_running_instance_is_refused()
    {
        await using var backend = await StartAsync(Waiting());
        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("wait", "first", As(NewId()));
        await SeenAsync(backend, id, "waiting");

        await Assert.ThrowsAnyAsync<Exception>(() => backend.Client.ScheduleNewOrchestrationInstanceAsync("wait", "second", As(id)));

        var instance = await backend.Client.GetInstanceAsync(id, getInputsAndOutputs: true);
        Assert.Equal("first", instance!.ReadInputAs<string>());
        Assert.True(instance.IsRunning);
    }

    [Fact]
    public async Task Of_many_starts_with_one_id_one_is_taken()
    {
        var runs = 0;
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("once", async context =>
            {
                await context.CallActivityAsync("count");
                return await context.WaitForExternalEvent<string>("go");
            })
            .Activity("count", _ => Interlocked.Increment(ref runs)));
        var id = NewId();

        var starts = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            try
            {
                await backend.Client.ScheduleNewOrchestrationInstanceAsync("once", null, As(id));
                return true;
            }
            catch (Exception)
            {
                return false;
            }
        }));
        await backend.Client.RaiseEventAsync(id, "go", "");
        await EndAtOnceAsync(backend, id);

        Assert.Equal((1, 1), (starts.Count(taken => taken), runs));
    }

    [Fact]
    public async Task A_start_with_the_id_of_an_ended_instance_replaces_it()
    {
        await using var backend = await StartAsync(new DurableTasks().Orchestrator("echo", context => Task.FromResult<object?>(context.GetInput<string>())));
        var id = NewId();

        Completed("first", await RunAsync(backend, "echo", "first", id));
        Completed("second", await RunAsync(backend, "echo", "second", id));
    }

    [Fact]
    public async Task A_scheduled_start_is_pending_until_its_time()
    {
        await using var backend = await StartAsync(new DurableTasks().Orchestrator(
            "later", context => Task.FromResult<object?>(context.CurrentUtcDateTime)));
        var now = (await RunAsync(backend, "later")).ReadOutputAs<DateTime>();
        var at = new DateTimeOffset(now, TimeSpan.Zero).AddSeconds(5);

        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("later", new StartOrchestrationOptions(NewId(), at));

        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await backend.Client.GetInstanceAsync(id))!.RuntimeStatus);
        Assert.True((await EndAsync(backend, id)).ReadOutputAs<DateTime>() >= at.UtcDateTime);
    }

    [Fact]
    public async Task Waiting_for_the_start_ends_when_it_runs()
    {
        await using var backend = await StartAsync(Waiting());
        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("wait", "input");

        var started = await backend.Client.WaitForInstanceStartAsync(id, getInputsAndOutputs: true).WaitAsync(Patience);

        Assert.Equal(("wait", id, true), (started.Name, started.InstanceId, started.IsRunning));
        Assert.Equal("input", started.ReadInputAs<string>());
    }

    [Fact]
    public async Task Inputs_and_outputs_come_only_when_asked_for()
    {
        await using var backend = await StartAsync(new DurableTasks().Orchestrator("echo", context => Task.FromResult<object?>(context.GetInput<string>())));
        var id = (await RunAsync(backend, "echo", "said")).InstanceId;

        var bare = await backend.Client.GetInstanceAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, bare!.RuntimeStatus);
        Assert.Null(bare.SerializedInput);
        Assert.Throws<InvalidOperationException>(() => bare.ReadOutputAs<string>());
    }
}

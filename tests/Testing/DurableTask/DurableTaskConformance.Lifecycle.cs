using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Testing.DurableTask;

public abstract partial class DurableTaskConformance
{
    private static DurableTasks Waiting() => new DurableTasks()
        .Orchestrator("wait", async context =>
        {
            context.SetCustomStatus("waiting");
            return await context.WaitForExternalEvent<string>("go");
        })
        .Orchestrator("parent", async context =>
        {
            context.SetCustomStatus("waiting");
            return await context.CallSubOrchestratorAsync<string>(
                "wait", options: new Microsoft.DurableTask.SubOrchestrationOptions(instanceId: $"{context.InstanceId}-child"));
        });

    [Fact]
    public async Task The_custom_status_is_the_last_one_set()
    {
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("report", async context =>
            {
                context.SetCustomStatus(new { Step = 1 });
                await context.CallActivityAsync("work");
                context.SetCustomStatus(new { Step = 2 });
                await context.WaitForExternalEvent<string>("go");
                return null;
            })
            .Activity("work", _ => (object?)null));

        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("report");
        await SeenAsync(backend, id, instance => instance.SerializedCustomStatus == """{"Step":2}""");
        await backend.Client.RaiseEventAsync(id, "go", "on");

        Assert.Equal("""{"Step":2}""", (await EndAtOnceAsync(backend, id)).SerializedCustomStatus);
    }

    [Fact]
    public async Task Continuing_as_new_begins_again_with_new_input_and_the_events_that_were_not_taken()
    {
        await using var backend = await StartAsync(new DurableTasks().Orchestrator("rounds", async context =>
        {
            var rounds = context.GetInput<int>();
            context.SetCustomStatus($"round {rounds}");
            var word = await context.WaitForExternalEvent<string>("next");
            if (rounds == 3) return word;
            context.ContinueAsNew(rounds + 1);
            return null;
        }));

        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("rounds", 1);
        await SeenAsync(backend, id, "round 1");
        foreach (var word in new[] { "one", "two", "three" }) await backend.Client.RaiseEventAsync(id, "next", word);

        var ended = await EndAtOnceAsync(backend, id);
        Completed("three", ended);
        Assert.Equal("3", ended.SerializedInput);
    }

    [Fact]
    public async Task Continuing_as_new_may_drop_the_events_that_were_not_taken()
    {
        await using var backend = await StartAsync(new DurableTasks().Orchestrator("fresh", async context =>
        {
            context.SetCustomStatus($"round {context.GetInput<int>()}");
            await context.WaitForExternalEvent<string>("go");
            if (context.GetInput<int>() == 2) return await context.WaitForExternalEvent<string>("word");
            context.ContinueAsNew(2, preserveUnprocessedEvents: false);
            return null;
        }));

        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("fresh", 1);
        await SeenAsync(backend, id, "round 1");
        await backend.Client.RaiseEventAsync(id, "word", "old");
        await backend.Client.RaiseEventAsync(id, "go", "");
        await SeenAsync(backend, id, "round 2");
        await backend.Client.RaiseEventAsync(id, "go", "");
        await backend.Client.RaiseEventAsync(id, "word", "new");

        Completed("new", await EndAtOnceAsync(backend, id));
    }

    [Fact]
    public async Task A_suspended_instance_does_nothing_until_it_is_resumed_and_loses_nothing()
    {
        await using var backend = await StartAsync(Waiting());
        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("wait");
        await SeenAsync(backend, id, "waiting");

        await backend.Client.SuspendInstanceAsync(id, "for a while");
        await SeenAsync(backend, id, instance => instance.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        await backend.Client.RaiseEventAsync(id, "go", "meanwhile");
        await backend.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await backend.Client.GetInstanceAsync(id))!.RuntimeStatus);
        await backend.Client.ResumeInstanceAsync(id);

        Completed("meanwhile", await EndAtOnceAsync(backend, id));
    }

    [Fact]
    public async Task A_terminated_instance_ends_with_the_output_it_is_given()
    {
        await using var backend = await StartAsync(Waiting());
        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("wait");
        await SeenAsync(backend, id, "waiting");

        await backend.Client.TerminateInstanceAsync(id, new { Why = "no longer wanted" });

        var ended = await EndAtOnceAsync(backend, id);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, ended.RuntimeStatus);
        Assert.True(ended.IsCompleted);
        Assert.Equal("""{"Why":"no longer wanted"}""", ended.SerializedOutput);
    }

    [Fact]
    public async Task A_suspended_instance_can_be_terminated()
    {
        await using var backend = await StartAsync(Waiting());
        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("wait");
        await SeenAsync(backend, id, "waiting");
        await backend.Client.SuspendInstanceAsync(id);
        await SeenAsync(backend, id, instance => instance.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);

        await backend.Client.TerminateInstanceAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await EndAtOnceAsync(backend, id)).RuntimeStatus);
    }

    [Fact]
    public async Task Terminating_leaves_sub_orchestrations_alone_unless_it_is_recursive()
    {
        await using var backend = await StartAsync(Waiting());
        foreach (var recursive in new[] { false, true })
        {
            var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("parent", null, As(NewId()));
            await SeenAsync(backend, $"{id}-child", "waiting");

            await backend.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions(Recursive: recursive));
            await EndAtOnceAsync(backend, id);
            if (!recursive) await backend.Client.RaiseEventAsync($"{id}-child", "go", "left alone");

            var child = await EndAtOnceAsync(backend, $"{id}-child");
            Assert.Equal(recursive ? OrchestrationRuntimeStatus.Terminated : OrchestrationRuntimeStatus.Completed, child.RuntimeStatus);
        }
    }
}

using Atomic.Testing.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Unit.DurableTask;

/// <summary>Sub-orchestrations and their parents.</summary>
public sealed class Families
{
    [Fact]
    public async Task Fail_the_parent_when_the_childs_id_is_taken()
    {
        await using var backend = await StartAsync();
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("child", new StartOrchestrationOptions("p-child"));
        await backend.IdleAsync();

        await backend.Client.ScheduleNewOrchestrationInstanceAsync("parent", new StartOrchestrationOptions("p"));
        await backend.IdleAsync();

        var failed = await backend.Client.GetInstanceAsync("p", getInputsAndOutputs: true);
        Assert.Contains("'p-child' exists", failed!.FailureDetails!.InnerFailure!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fail_the_parent_when_the_child_is_terminated()
    {
        await using var backend = await StartAsync();
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("parent", new StartOrchestrationOptions("p"));
        await backend.IdleAsync();

        await backend.Client.TerminateInstanceAsync("p-child");
        await backend.IdleAsync();

        var failed = await backend.Client.GetInstanceAsync("p", getInputsAndOutputs: true);
        Assert.Contains("'p-child' was terminated", failed!.FailureDetails!.InnerFailure!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Do_not_tell_a_parent_that_another_has_replaced()
    {
        await using var backend = await StartAsync();
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("parent", new StartOrchestrationOptions("p"));
        await backend.IdleAsync();
        await backend.Client.TerminateInstanceAsync("p");
        await backend.IdleAsync();
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("child", new StartOrchestrationOptions("p"));
        await backend.IdleAsync();

        await backend.Client.RaiseEventAsync("p-child", "go", 1);
        await backend.IdleAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await backend.Client.GetInstanceAsync("p-child"))!.RuntimeStatus);
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await backend.Client.GetInstanceAsync("p"))!.RuntimeStatus);
    }

    [Fact]
    public async Task Are_purged_together_when_asked_to()
    {
        await using var backend = await StartAsync();
        foreach (var id in new[] { "a", "b" })
        {
            await backend.Client.ScheduleNewOrchestrationInstanceAsync("parent", new StartOrchestrationOptions(id));
            await backend.IdleAsync();
            await backend.Client.RaiseEventAsync($"{id}-child", "go", 1);
            await backend.IdleAsync();
        }

        Assert.Equal(1, (await backend.Client.PurgeInstanceAsync("a")).PurgedInstanceCount);
        Assert.Equal(2, (await backend.Client.PurgeInstanceAsync("b", new PurgeInstanceOptions(Recursive: true))).PurgedInstanceCount);
        Assert.NotNull(await backend.Client.GetInstanceAsync("a-child"));
        Assert.Null(await backend.Client.GetInstanceAsync("b-child"));
    }

    [Fact]
    public async Task Are_listed_page_by_page_once_they_have_ended()
    {
        await using var backend = await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await backend.Client.ScheduleNewOrchestrationInstanceAsync("child", new StartOrchestrationOptions($"c-{i}"));
            await backend.Client.RaiseEventAsync($"c-{i}", "go", 1);
        }

        await backend.Client.ScheduleNewOrchestrationInstanceAsync("child", new StartOrchestrationOptions("running"));
        await backend.IdleAsync();
        var ids = new List<string>();
        for (string? key = null; ;)
        {
            var page = await backend.Client.ListInstanceIdsAsync(pageSize: 2, lastInstanceKey: key);
            ids.AddRange(page.Values);
            if ((key = page.ContinuationToken) is null) break;
        }

        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"c-{i}"), ids.Order());
    }

    private static Task<EmbeddedBackend> StartAsync() => EmbeddedBackend.StartAsync(new DurableTasks()
        .Orchestrator("parent", async context => await context.CallSubOrchestratorAsync<int>(
            "child", options: new SubOrchestrationOptions(instanceId: $"{context.InstanceId}-child")))
        .Orchestrator("child", async context => await context.WaitForExternalEvent<int>("go")));
}

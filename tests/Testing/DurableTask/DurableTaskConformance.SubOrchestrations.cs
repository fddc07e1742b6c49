using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Testing.DurableTask;

public abstract partial class DurableTaskConformance
{
    private static DurableTasks Family() => new DurableTasks()
        .Orchestrator("parent", async context =>
        {
            var children = Enumerable.Range(1, 3).Select(i => context.CallSubOrchestratorAsync<int>("child", i));
            return (await Task.WhenAll(children)).Sum();
        })
        .Orchestrator("child", async context => await context.CallActivityAsync<int>("double", context.GetInput<int>()))
        .Activity("double", input => input.GetInt32() * 2);

    [Fact]
    public async Task Sub_orchestrations_give_their_results()
    {
        await using var backend = await StartAsync(Family());

        Completed(12, await RunAsync(backend, "parent"));
    }

    [Fact]
    public async Task A_sub_orchestration_has_an_id_of_its_own_and_knows_its_parent()
    {
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("parent", async context => await context.CallSubOrchestratorAsync<string>(
                "child", options: new SubOrchestrationOptions(instanceId: $"{context.InstanceId}-child")))
            .Orchestrator("child", context => Task.FromResult<object?>($"{context.Parent?.Name} {context.Parent?.InstanceId} {context.InstanceId}")));
        var id = NewId();

        Completed($"parent {id} {id}-child", await RunAsync(backend, "parent", id: id));
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await backend.Client.GetInstanceAsync($"{id}-child"))!.RuntimeStatus);
    }

    [Fact]
    public async Task The_failure_of_a_sub_orchestration_crosses_to_its_parent()
    {
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("parent", async context =>
            {
                try
                {
                    return await context.CallSubOrchestratorAsync<int>("child");
                }
                catch (TaskFailedException e)
                {
                    return $"{e.TaskName}|{e.FailureDetails.InnerFailure?.ErrorMessage}";
                }
            })
            .Orchestrator("child", async context => await context.CallActivityAsync<int>("throw"))
            .Activity("throw", _ => throw new TimeoutException("at the bottom")));

        Completed("child|at the bottom", await RunAsync(backend, "parent"));
    }

    [Fact]
    public async Task A_sub_orchestration_is_tried_again_under_its_policy()
    {
        var attempts = 0;
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("parent", async context => await context.CallSubOrchestratorAsync<int>(
                "child", options: new SubOrchestrationOptions(new RetryPolicy(3, TimeSpan.FromSeconds(1)), $"{context.InstanceId}-child")))
            .Orchestrator("child", async context => await context.CallActivityAsync<int>("flaky"))
            .Activity("flaky", _ => ++attempts < 3 ? throw new TimeoutException() : attempts));

        Completed(3, await RunAsync(backend, "parent"));
    }
}

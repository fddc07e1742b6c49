using Atomic.LocalHost.DurableTask;
using Atomic.Testing.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Unit.DurableTask;

public sealed class Messages_to_instances
{
    private static readonly Func<DurableTaskClient, string, Task>[] All =
    [
        (client, id) => client.RaiseEventAsync(id, "go"),
        (client, id) => client.TerminateInstanceAsync(id),
        (client, id) => client.SuspendInstanceAsync(id),
        (client, id) => client.ResumeInstanceAsync(id),
    ];

    [Fact]
    public async Task Fail_when_there_is_none_or_it_has_ended()
    {
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks().Orchestrator("end", _ => Task.FromResult<object?>(1)));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("end", new StartOrchestrationOptions("ended"));
        await backend.IdleAsync();

        foreach (var send in All)
        {
            Assert.Contains("'nobody'", (await Assert.ThrowsAsync<ArgumentException>(() => send(backend.Client, "nobody"))).Message, StringComparison.Ordinal);
            Assert.Contains(
                "'ended' is Completed", (await Assert.ThrowsAsync<InvalidOperationException>(() => send(backend.Client, "ended"))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Are_dropped_instead_when_host_json_says_so_and_they_are_events()
    {
        await using var backend = await EmbeddedBackend.StartAsync(
            new DurableTasks(), new DurableSettings { ThrowStatusExceptionsOnRaiseEvent = false });

        await backend.Client.RaiseEventAsync("nobody", "go");
        await Assert.ThrowsAsync<ArgumentException>(() => backend.Client.TerminateInstanceAsync("nobody"));
    }

    [Fact]
    public async Task Reach_a_sub_orchestration_that_begins_in_the_same_step()
    {
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks()
            .Orchestrator("parent", async context =>
            {
                var child = context.CallSubOrchestratorAsync<int>("child", options: new SubOrchestrationOptions(instanceId: "child"));
                context.SendEvent("child", "go", 3);
                return await child;
            })
            .Orchestrator("child", async context => await context.WaitForExternalEvent<int>("go")));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("parent", new StartOrchestrationOptions("x"));
        await backend.IdleAsync();

        Assert.Equal(3, (await backend.Client.GetInstanceAsync("x", getInputsAndOutputs: true))!.ReadOutputAs<int>());
    }

    [Fact]
    public async Task Are_not_lost_to_a_wait_that_was_cancelled()
    {
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks().Orchestrator("abandon", async context =>
        {
            using (var cancel = new CancellationTokenSource())
            {
                _ = context.WaitForExternalEvent<int>("go", cancel.Token);
                cancel.Cancel();
            }

            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return await context.WaitForExternalEvent<int>("go");
        }));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("abandon", new StartOrchestrationOptions("x"));
        await backend.IdleAsync();
        await backend.Client.RaiseEventAsync("x", "go", 8);

        await backend.ToNextTimerAsync();

        Assert.Equal(8, (await backend.Client.GetInstanceAsync("x", getInputsAndOutputs: true))!.ReadOutputAs<int>());
    }

    [Fact]
    public async Task Serve_the_newest_wait_first()
    {
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks().Orchestrator("two", async context =>
        {
            var (older, newer) = (context.WaitForExternalEvent<int>("n"), context.WaitForExternalEvent<int>("n"));
            await Task.WhenAll(older, newer);
            return $"{older.Result} {newer.Result}";
        }));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("two", new StartOrchestrationOptions("x"));
        await backend.IdleAsync();
        await backend.Client.RaiseEventAsync("x", "n", 1);
        await backend.Client.RaiseEventAsync("x", "n", 2);
        await backend.IdleAsync();

        Assert.Equal("2 1", (await backend.Client.GetInstanceAsync("x", getInputsAndOutputs: true))!.ReadOutputAs<string>());
    }
}

using Atomic.Testing.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Unit.DurableTask;

public sealed class Suspended_instances
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Keep_the_result_of_an_activity_and_a_fired_timer_through_a_kill()
    {
        var (runs, begun, go) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks()
            .Orchestrator("both", async context =>
            {
                var timer = context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                var work = context.CallActivityAsync<int>("work");
                await Task.WhenAll(timer, work);
                return await work;
            })
            .Activity("work", async _ =>
            {
                begun.TrySetResult();
                await go.Task;
                return ++runs;
            }));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("both", new StartOrchestrationOptions("x"));
        await begun.Task.WaitAsync(Patience);
        await backend.Client.SuspendInstanceAsync("x");
        using var limit = new CancellationTokenSource(Patience);
        while ((await backend.Client.GetInstanceAsync("x", limit.Token))!.RuntimeStatus != OrchestrationRuntimeStatus.Suspended)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, limit.Token);
        go.SetResult();
        await backend.IdleAsync();
        backend.Time.Advance(TimeSpan.FromHours(2));
        await backend.IdleAsync();

        await backend.TryRestartAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await backend.Client.GetInstanceAsync("x"))!.RuntimeStatus);
        await backend.Client.ResumeInstanceAsync("x");

        var ended = await backend.Client.WaitForInstanceCompletionAsync("x", getInputsAndOutputs: true).WaitAsync(Patience);
        Assert.Equal((1, 1), (ended.ReadOutputAs<int>(), runs));
    }

    [Fact]
    public async Task Do_not_start_before_they_are_resumed()
    {
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks().Orchestrator("later", _ => Task.FromResult<object?>(1)));
        var at = backend.Time.GetUtcNow().AddHours(1);
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("later", new StartOrchestrationOptions("x", at));
        await backend.Client.SuspendInstanceAsync("x");
        await backend.IdleAsync();

        backend.Time.Advance(TimeSpan.FromHours(2));
        await backend.IdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await backend.Client.GetInstanceAsync("x"))!.RuntimeStatus);

        await backend.Client.ResumeInstanceAsync("x");
        await backend.Client.WaitForInstanceCompletionAsync("x").WaitAsync(Patience);
    }
}

using Atomic.Testing.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Unit.DurableTask;

public sealed class Waiting_instances
{
    private const int Each = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Survive_a_kill_by_the_thousand_and_take_no_steps_while_they_wait()
    {
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks()
            .Orchestrator("event", async context => await context.WaitForExternalEvent<int>("n"))
            .Orchestrator("timer", async context =>
            {
                await context.CreateTimer(TimeSpan.FromDays(100), CancellationToken.None);
                return context.GetInput<int>();
            }));
        await Task.WhenAll(Enumerable.Range(0, Each).SelectMany(i => new[] { "event", "timer" }.Select(name =>
            backend.Client.ScheduleNewOrchestrationInstanceAsync(name, i, new StartOrchestrationOptions($"{name}-{i}")))));
        await backend.IdleAsync();

        await backend.TryRestartAsync();
        backend.Time.Advance(TimeSpan.FromDays(99));
        await backend.IdleAsync();
        Assert.Equal(0, backend.Engine.Counters.Steps);
        Assert.Equal(2 * Each, await CountAsync(backend, OrchestrationRuntimeStatus.Running));

        backend.Time.Advance(TimeSpan.FromDays(2));
        await Task.WhenAll(Enumerable.Range(0, Each).Select(i => backend.Client.RaiseEventAsync($"event-{i}", "n", i)));
        foreach (var name in new[] { "event", "timer" })
        {
            for (var i = 0; i < Each; i++)
            {
                var ended = await backend.Client.WaitForInstanceCompletionAsync($"{name}-{i}", getInputsAndOutputs: true).WaitAsync(Patience);
                Assert.Equal(i, ended.ReadOutputAs<int>());
            }
        }
    }

    private static async Task<int> CountAsync(EmbeddedBackend backend, OrchestrationRuntimeStatus status)
    {
        var count = 0;
        await foreach (var _ in backend.Client.GetAllInstancesAsync(new OrchestrationQuery(Statuses: [status]))) count++;
        return count;
    }
}

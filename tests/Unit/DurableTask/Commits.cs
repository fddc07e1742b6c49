using Atomic.Testing.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Unit.DurableTask;

/// <summary>What a step costs: one commit, with what it took, what it decided and what is owed next.</summary>
public sealed class Commits
{
    private const int Opening = 1;

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task Are_one_a_start_and_one_a_step(int activities)
    {
        var probe = StopAt.Never;
        await using var backend = await EmbeddedBackend.StartAsync(
            new DurableTasks()
                .Orchestrator("chain", async context =>
                {
                    for (var i = 0; i < activities; i++)
                    {
                        context.SetCustomStatus(i);
                        await context.CallActivityAsync("work");
                    }

                    return activities;
                })
                .Activity("work", _ => (object?)null),
            probe: probe);

        await backend.Client.ScheduleNewOrchestrationInstanceAsync("chain", new StartOrchestrationOptions("x"));
        await backend.IdleAsync();

        Assert.Equal(Opening + 1 + (activities + 1), probe.Transactions);
    }

    [Fact]
    public async Task Are_one_more_for_an_event_from_outside_and_none_for_a_timer()
    {
        var probe = StopAt.Never;
        await using var backend = await EmbeddedBackend.StartAsync(
            new DurableTasks().Orchestrator("wait", async context =>
            {
                await context.WaitForExternalEvent<int>("go");
                await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                return 1;
            }),
            probe: probe);
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("wait", new StartOrchestrationOptions("x"));
        await backend.IdleAsync();
        var before = probe.Transactions;

        await backend.Client.RaiseEventAsync("x", "go", 1);
        await backend.IdleAsync();
        Assert.Equal(before + 2, probe.Transactions);

        await backend.ToNextTimerAsync();
        Assert.Equal(before + 3, probe.Transactions);
    }

    [Fact]
    public async Task Take_together_all_that_has_gathered()
    {
        var (blocked, go) = (0, new TaskCompletionSource());
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks()
            .Orchestrator("fan", async context => (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => context.CallActivityAsync<int>("work")))).Sum())
            .Activity("work", async _ =>
            {
                Interlocked.Increment(ref blocked);
                await go.Task;
                return 1;
            }));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("fan", new StartOrchestrationOptions("x"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Volatile.Read(ref blocked) < 20) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, limit.Token);
        await backend.Client.SuspendInstanceAsync("x");
        while ((await backend.Client.GetInstanceAsync("x", limit.Token))!.RuntimeStatus != OrchestrationRuntimeStatus.Suspended)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, limit.Token);
        go.SetResult();
        await backend.IdleAsync();
        var steps = backend.Engine.Counters.Steps;

        await backend.Client.ResumeInstanceAsync("x");
        await backend.IdleAsync();

        // The order to resume, and one step for twenty results.
        Assert.Equal(steps + 2, backend.Engine.Counters.Steps);
        Assert.Equal(20, (await backend.Client.GetInstanceAsync("x", getInputsAndOutputs: true))!.ReadOutputAs<int>());
    }
}

using Atomic.Testing.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Unit.DurableTask;

public sealed class Timers_and_retries
{
    [Fact]
    public async Task Wait_exactly_as_long_as_the_policy_says_and_not_after_the_last_attempt()
    {
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks()
            .Orchestrator("retry", async context => await context.CallActivityAsync<int>("fail", options: TaskOptions.FromRetryPolicy(
                new RetryPolicy(5, TimeSpan.FromSeconds(10), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromSeconds(30)))))
            .Activity("fail", _ => throw new TimeoutException()));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("retry", new StartOrchestrationOptions("x"));

        var waits = new List<double>();
        for (var before = backend.Time.GetUtcNow(); ; before = backend.Time.GetUtcNow())
        {
            await backend.IdleAsync();
            if (backend.Engine.NextTimer is null) break;
            await backend.ToNextTimerAsync();
            waits.Add((backend.Time.GetUtcNow() - before).TotalSeconds);
        }

        Assert.Equal([10, 20, 30, 30], waits);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await backend.Client.GetInstanceAsync("x"))!.RuntimeStatus);
    }

    [Fact]
    public async Task Tell_the_orchestrator_the_time_at_which_they_were_due()
    {
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks().Orchestrator("clock", async context =>
        {
            var began = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromMinutes(5), CancellationToken.None);
            return new[] { began, context.CurrentUtcDateTime };
        }));
        var now = backend.Time.GetUtcNow().UtcDateTime;
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("clock", new StartOrchestrationOptions("x"));

        await backend.ToNextTimerAsync();

        Assert.Equal<DateTime[]>(
            [now, now.AddMinutes(5)], (await backend.Client.GetInstanceAsync("x", getInputsAndOutputs: true))!.ReadOutputAs<DateTime[]>()!);
    }

    [Fact]
    public async Task Fire_after_a_kill_that_lasted_longer_than_they_did()
    {
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks().Orchestrator("clock", async context =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(5), CancellationToken.None);
            return "fired";
        }));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("clock", new StartOrchestrationOptions("x"));
        await backend.IdleAsync();
        backend.Kill();
        backend.Time.Advance(TimeSpan.FromHours(1));

        await backend.OpenAsync();

        var ended = await backend.Client.WaitForInstanceCompletionAsync("x").WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
    }

    [Fact]
    public async Task Leave_nothing_behind_when_they_are_cancelled()
    {
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks().Orchestrator("cancel", async context =>
        {
            for (var i = 0; i < 2500; i++)
            {
                using var cancel = new CancellationTokenSource();
                _ = context.CreateTimer(TimeSpan.FromDays(365), cancel.Token);
                if (i % 50 == 0) await context.CreateTimer(TimeSpan.Zero, CancellationToken.None);
                cancel.Cancel();
            }

            return await context.WaitForExternalEvent<int>("never");
        }));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("cancel", new StartOrchestrationOptions("x"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (backend.Engine.Counters.Steps < 51) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, limit.Token);
        await backend.IdleAsync();

        await backend.TryRestartAsync();

        Assert.Null(backend.Engine.NextTimer);
    }
}

using Xunit;

namespace Atomic.Testing.DurableTask;

public abstract partial class DurableTaskConformance
{
    [Fact]
    public async Task A_timer_fires_when_it_is_due_and_not_before()
    {
        await using var backend = await StartAsync(new DurableTasks().Orchestrator("wait", async context =>
        {
            var due = context.CurrentUtcDateTime.AddSeconds(3);
            await context.CreateTimer(due, CancellationToken.None);
            return context.CurrentUtcDateTime >= due;
        }));

        Completed(true, await RunAsync(backend, "wait"));
    }

    [Fact]
    public async Task A_timer_whose_time_has_passed_fires_at_once()
    {
        await using var backend = await StartAsync(new DurableTasks().Orchestrator("late", async context =>
        {
            await context.CreateTimer(context.CurrentUtcDateTime.AddMinutes(-1), CancellationToken.None);
            return "fired";
        }));

        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("late");

        Completed("fired", await EndAtOnceAsync(backend, id));
    }

    [Fact]
    public async Task A_cancelled_timer_holds_nothing_up()
    {
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("race", async context =>
            {
                using var cancel = new CancellationTokenSource();
                var timeout = context.CreateTimer(TimeSpan.FromDays(1), cancel.Token);
                var work = context.CallActivityAsync<string>("work");
                var first = await Task.WhenAny(timeout, work);
                cancel.Cancel();
                return $"{(first == work ? await work : "timed out")}, timer cancelled: {timeout.IsCanceled}";
            })
            .Activity("work", _ => "done"));

        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("race");

        Completed("done, timer cancelled: True", await EndAtOnceAsync(backend, id));
    }

    [Fact]
    public async Task A_timer_that_is_not_cancelled_keeps_the_orchestration_running_until_it_fires()
    {
        await using var backend = await StartAsync(new DurableTasks().Orchestrator("leave", context =>
        {
            _ = context.CreateTimer(TimeSpan.FromSeconds(3), CancellationToken.None);
            context.SetCustomStatus("returned");
            return Task.FromResult<object?>("result");
        }));

        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("leave");

        Assert.True((await SeenAsync(backend, id, "returned")).IsRunning);
        Completed("result", await EndAsync(backend, id));
    }

    [Fact]
    public async Task Many_timers_fire_in_the_order_in_which_they_are_due()
    {
        await using var backend = await StartAsync(new DurableTasks().Orchestrator("order", async context =>
        {
            var fired = new List<int>();
            var began = context.CurrentUtcDateTime;
            await Task.WhenAll(new[] { 3, 1, 2 }.Select(async seconds =>
            {
                await context.CreateTimer(began.AddSeconds(seconds), CancellationToken.None);
                fired.Add(seconds);
            }));
            return fired;
        }));

        Completed<int[]>([1, 2, 3], await RunAsync(backend, "order"));
    }
}

using Atomic.Testing.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Unit.DurableTask;

public sealed class Rewinding_instances
{
    private readonly List<string> _ran = [];
    private bool _mended;

    [Fact]
    public async Task Runs_the_failed_ones_of_several_beside_each_other()
    {
        await RewindAsync(async context => await Task.WhenAll(Call(context, "good"), Call(context, "bad"), Call(context, "bad")));

        Assert.Equal(["bad", "bad", "bad", "bad", "good"], _ran.Order());
    }

    [Fact]
    public async Task Leaves_what_was_answered_by_a_compensation()
    {
        await RewindAsync(async context =>
        {
            try
            {
                await Call(context, "hopeless");
            }
            catch (TaskFailedException)
            {
                await Call(context, "undo");
            }

            await Call(context, "bad");
        });

        Assert.Equal(["hopeless", "undo", "bad", "bad"], _ran);
    }

    [Fact]
    public async Task Takes_up_a_policy_at_its_last_attempt()
    {
        await RewindAsync(async context => await context.CallActivityAsync(
            "bad", options: new TaskOptions(new RetryPolicy(3, TimeSpan.FromSeconds(1)))));

        Assert.Equal(["bad", "bad", "bad", "bad"], _ran);
    }

    [Fact]
    public async Task Takes_the_last_step_anew_when_the_orchestrator_itself_threw()
    {
        await RewindAsync(async context =>
        {
            await Call(context, "good");
            if (!_mended) throw new InvalidOperationException("a bug");
            await Call(context, "more");
        });

        Assert.Equal(["good", "more"], _ran);
    }

    [Fact]
    public async Task Begins_anew_when_it_threw_at_once()
    {
        await RewindAsync(async context =>
        {
            if (!_mended) throw new InvalidOperationException("a bug");
            await Call(context, "good");
        });

        Assert.Equal(["good"], _ran);
    }

    [Fact]
    public async Task Survives_a_kill()
    {
        await using var backend = await FailAsync(async context =>
        {
            await Call(context, "good");
            await Call(context, "bad");
            await context.WaitForExternalEvent<int>("go");
        });
        await backend.Client.RewindInstanceAsync("x", "mended");
        await backend.IdleAsync();
        await backend.TryRestartAsync();

        await backend.Client.RaiseEventAsync("x", "go", 1);

        var ended = await backend.Client.WaitForInstanceCompletionAsync("x").WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
        Assert.Equal(["good", "bad", "bad"], _ran);
    }

    private static Task Call(TaskOrchestrationContext context, string name) => context.CallActivityAsync(name);

    private async Task RewindAsync(Func<TaskOrchestrationContext, Task> orchestrator)
    {
        await using var backend = await FailAsync(orchestrator);
        await backend.Client.RewindInstanceAsync("x", "mended");
        await backend.IdleAsync();

        var ended = await backend.Client.GetInstanceAsync("x", getInputsAndOutputs: true);
        Assert.True(ended!.RuntimeStatus == OrchestrationRuntimeStatus.Completed, ended.ToString());
    }

    /// <summary>An instance that has failed, whose cause is mended.</summary>
    private async Task<EmbeddedBackend> FailAsync(Func<TaskOrchestrationContext, Task> orchestrator)
    {
        var tasks = new DurableTasks().Orchestrator("work", async context =>
        {
            await orchestrator(context);
            return "done";
        });
        foreach (var name in new[] { "good", "more", "undo" }) tasks.Activity(name, _ => Ran(name));
        tasks.Activity("hopeless", _ => Ran("hopeless") ?? throw new TimeoutException());
        tasks.Activity("bad", _ => Ran("bad") is null && _mended ? (object?)null : throw new TimeoutException());
        var backend = await EmbeddedBackend.StartAsync(tasks);
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("work", new StartOrchestrationOptions("x"));
        await backend.IdleAsync();
        while (backend.Engine.NextTimer is not null) await backend.ToNextTimerAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await backend.Client.GetInstanceAsync("x"))!.RuntimeStatus);
        _mended = true;
        return backend;
    }

    private object? Ran(string name)
    {
        lock (_ran) _ran.Add(name);
        return null;
    }
}

using Atomic.Testing.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Atomic.Unit.DurableTask;

/// <summary>An orchestrator that waits for anything but its context would hang or differ when replayed; it fails instead, and is told why.</summary>
public sealed class Straying_orchestrators
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // What they wait for comes when they wait for it: what has come before is no wait at all.
    private readonly TaskCompletionSource _work = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public Task Are_stopped_when_they_start_threads() => FailsAsync(async context =>
    {
        var never = context.WaitForExternalEvent<int>("never");
        await Task.Run(() => _work.Task);
        return await never;
    });

    [Fact]
    public Task Are_stopped_when_they_delay() => FailsAsync(async context =>
    {
        var never = context.WaitForExternalEvent<int>("never");
        await Task.WhenAny(never, Task.Delay(TimeSpan.FromMilliseconds(20), _clock));
        return 1;
    });

    [Fact]
    public Task Are_stopped_when_they_wait_for_nothing_that_can_come() => FailsAsync(async _ =>
    {
        await new TaskCompletionSource().Task;
        return 1;
    });

    // CancelAsync calls back on the thread pool.
    [Fact]
    public Task Are_stopped_when_they_cancel_on_another_thread() => FailsAsync(async context =>
    {
        using var cancel = new CancellationTokenSource();
        _ = context.CreateTimer(TimeSpan.FromDays(1), cancel.Token);
        await context.CallActivityAsync("work");
        await cancel.CancelAsync();
        return 1;
    });

    [Fact]
    public async Task Cannot_use_their_context_on_another_thread()
    {
        var thrown = new TaskCompletionSource<Exception?>();
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks().Orchestrator("stray", async context =>
        {
            _ = Task.Run(() => thrown.SetResult(Record.Exception(() => { _ = context.CallActivityAsync("work"); })));
            return await context.WaitForExternalEvent<int>("never");
        }));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("stray", new StartOrchestrationOptions("x"));

        var e = Assert.IsType<InvalidOperationException>(await thrown.Task.WaitAsync(Patience));
        Assert.Contains("'stray'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task Are_stopped_when_they_do_not_continue_on_their_own_thread() => FailsAsync(async context =>
    {
        await context.CallActivityAsync("work").ConfigureAwait(false);
        return await context.CallActivityAsync<int>("work");
    });

    [Fact]
    public Task Are_stopped_when_they_end_on_another_thread() => FailsAsync(async context =>
    {
        await context.CallActivityAsync("work").ConfigureAwait(false);
        return 1;
    });

    [Fact]
    public async Task Are_not_those_that_yield_and_join_their_own_tasks()
    {
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks()
            .Orchestrator("plain", async context =>
            {
                await Task.Yield();
                var gate = new TaskCompletionSource();
                var branch = BranchAsync(context, gate.Task);
                await context.CreateTimer(TimeSpan.Zero, CancellationToken.None);
                gate.SetResult();
                return await branch;
            })
            .Activity("work", _ => 5));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("plain", new StartOrchestrationOptions("x"));

        var ended = await backend.Client.WaitForInstanceCompletionAsync("x", getInputsAndOutputs: true).WaitAsync(Patience);

        Assert.Equal(5, ended.ReadOutputAs<int>());
    }

    private static async Task<int> BranchAsync(TaskOrchestrationContext context, Task gate)
    {
        await gate;
        return await context.CallActivityAsync<int>("work");
    }

    private async Task FailsAsync(Func<TaskOrchestrationContext, Task<object?>> orchestrator)
    {
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks()
            .Orchestrator("stray", orchestrator)
            .Activity("work", _ => (object?)null));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("stray", new StartOrchestrationOptions("x"));
        await backend.IdleAsync();
        _work.SetResult();
        _clock.Advance(TimeSpan.FromSeconds(1));

        var failed = await backend.Client.WaitForInstanceCompletionAsync("x", getInputsAndOutputs: true).WaitAsync(Patience);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, failed.RuntimeStatus);
        Assert.Contains("Orchestrator 'stray' waited for something that its context did not give", failed.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }
}

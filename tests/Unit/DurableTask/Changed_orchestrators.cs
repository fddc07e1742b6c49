using Atomic.LocalHost.DurableTask;
using Atomic.Testing.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Unit.DurableTask;

/// <summary>A replay that comes to another call than the history holds fails the instance, and says which call, what was expected and what found.</summary>
public sealed class Changed_orchestrators
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string, string, string> Changes => new()
    {
        { "activity a", "activity b", "call #0: expected activity 'a', which its history holds, and found activity 'b'" },
        { "activity a", "timer", "call #0: expected activity 'a', which its history holds, and found a timer" },
        { "timer", "activity a", "call #0: expected a timer, which its history holds, and found activity 'a'" },
        { "child a", "child b", "call #0: expected sub-orchestration 'a', which its history holds, and found sub-orchestration 'b'" },
        { "activity a", "child a", "call #0: expected activity 'a', which its history holds, and found sub-orchestration 'a'" },
        { "send a", "send b", "call #0: expected event 'a' sent to another instance, which its history holds, and found event 'b' sent to another instance" },
        { "send a", "", "call #0: expected event 'a' sent to another instance, which its history holds, and found no call" },
        { "", "send a", "call #0: expected no call, which its history holds, and found event 'a' sent to another instance" },
        { "send a,activity a", "activity a,send a", "call #0: expected event 'a' sent to another instance, which its history holds, and found activity 'a'" },
        { "send a,activity a", "send a,activity b", "call #1: expected activity 'a', which its history holds, and found activity 'b'" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Are_found_out(string then, string now, string difference)
    {
        var calls = then;
        await using var backend = await EmbeddedBackend.StartAsync(Tasks(() => calls));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("changing", new StartOrchestrationOptions("x"));
        await backend.IdleAsync();

        calls = now;
        await backend.TryRestartAsync();
        await backend.Client.RaiseEventAsync("x", "go", 1);

        var failed = await backend.Client.WaitForInstanceCompletionAsync("x", getInputsAndOutputs: true).WaitAsync(Patience);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, failed.RuntimeStatus);
        Assert.Equal(typeof(NonDeterministicOrchestrationException).FullName, failed.FailureDetails!.ErrorType);
        Assert.Contains("'changing', instance 'x'", failed.FailureDetails.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains(difference, failed.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Go_on_when_the_calls_are_the_same_and_only_inputs_and_waits_have_changed()
    {
        var (calls, seconds) = ("activity A,timer", 10);
        await using var backend = await EmbeddedBackend.StartAsync(Tasks(() => calls, () => seconds));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("changing", new StartOrchestrationOptions("x"));
        await backend.IdleAsync();

        (calls, seconds) = ("activity a,timer", 20);
        await backend.TryRestartAsync();
        await backend.Client.RaiseEventAsync("x", "go", 1);
        await backend.ToNextTimerAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await backend.Client.GetInstanceAsync("x"))!.RuntimeStatus);
    }

    [Fact]
    public async Task Can_be_mended_and_rewound()
    {
        var calls = "activity a";
        await using var backend = await EmbeddedBackend.StartAsync(Tasks(() => calls));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("changing", new StartOrchestrationOptions("x"));
        await backend.IdleAsync();
        calls = "activity b";
        await backend.TryRestartAsync();
        await backend.Client.RaiseEventAsync("x", "go", 1);
        await backend.IdleAsync();
        await Assert.ThrowsAsync<NonDeterministicOrchestrationException>(() => backend.Client.RewindInstanceAsync("x", "not yet mended"));

        calls = "activity a";
        await backend.Client.RewindInstanceAsync("x", "mended");

        var ended = await backend.Client.WaitForInstanceCompletionAsync("x", getInputsAndOutputs: true).WaitAsync(Patience);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
    }

    // Makes the calls that it is told to, does not wait for them, and then waits for an event.
    private static DurableTasks Tasks(Func<string> calls, Func<int>? seconds = null) => new DurableTasks()
        .Orchestrator("changing", async context =>
        {
            var open = calls().Split(',', StringSplitOptions.RemoveEmptyEntries).Select(call => Make(context, call.Split(' '), seconds?.Invoke() ?? 1)).ToList();
            await context.WaitForExternalEvent<int>("go");
            await Task.WhenAll(open);
            return null;
        })
        .Orchestrator("a", _ => Task.FromResult<object?>(null))
        .Orchestrator("b", _ => Task.FromResult<object?>(null))
        .Activity("a", _ => (object?)null)
        .Activity("b", _ => (object?)null);

    private static Task Make(TaskOrchestrationContext context, string[] call, int seconds)
    {
        switch (call)
        {
            case ["activity", var name]:
                return context.CallActivityAsync(name, seconds);
            case ["child", var name]:
                return context.CallSubOrchestratorAsync(name);
            case ["timer"]:
                return context.CreateTimer(TimeSpan.FromSeconds(seconds), CancellationToken.None);
            case ["send", var name]:
                context.SendEvent("nobody", name, seconds);
                return Task.CompletedTask;
            default:
                throw new ArgumentException(string.Join(' ', call));
        }
    }
}

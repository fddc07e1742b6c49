using Atomic.LocalHost.DurableTask;
using Atomic.Testing.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Unit.DurableTask;

public sealed class Long_histories
{
    private const int Rounds = 50;
    private const int Width = 100;

    // Each round brings Width results; the start and two events make three more.
    private const int Events = (Rounds * Width) + 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_warm_instance_is_never_replayed_and_a_cold_one_once()
    {
        await using var backend = await EmbeddedBackend.StartAsync(Tasks());
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("long", new StartOrchestrationOptions("long"));
        await backend.IdleAsync();
        await backend.Client.RaiseEventAsync("long", "first", 1);
        await backend.IdleAsync();
        Assert.Equal((Events + 1, 0), (backend.Engine.Counters.EventsTaken, backend.Engine.Counters.EventsReplayed));

        await backend.TryRestartAsync();
        await backend.IdleAsync();
        Assert.Equal((0, 0), (backend.Engine.Counters.EventsTaken, backend.Engine.Counters.EventsReplayed));

        await backend.Client.RaiseEventAsync("long", "second", 2);
        await backend.IdleAsync();
        Assert.Equal((1, Events + 1), (backend.Engine.Counters.EventsTaken, backend.Engine.Counters.EventsReplayed));

        await backend.Client.RaiseEventAsync("long", "third", 3);
        var ended = await backend.Client.WaitForInstanceCompletionAsync("long", getInputsAndOutputs: true).WaitAsync(Patience);
        Assert.Equal((2, Events + 1), (backend.Engine.Counters.EventsTaken, backend.Engine.Counters.EventsReplayed));
        Assert.Equal((Rounds * Width) + 6, ended.ReadOutputAs<int>());
    }

    [Fact]
    public async Task Beyond_the_room_for_warm_ones_the_one_unused_longest_is_replayed()
    {
        await using var backend = await EmbeddedBackend.StartAsync(Tasks(), new DurableSettings { MaxWarmOrchestrators = 2 });
        foreach (var id in new[] { "a", "b", "c" })
        {
            await backend.Client.ScheduleNewOrchestrationInstanceAsync("short", new StartOrchestrationOptions(id));
            await backend.IdleAsync();
        }

        foreach (var (id, replayed) in new[] { ("c", 0), ("b", 0), ("a", 1) })
        {
            await backend.Client.RaiseEventAsync(id, "n", 1);
            await backend.IdleAsync();
            Assert.Equal(replayed, backend.Engine.Counters.EventsReplayed);
        }
    }

    [Fact]
    public async Task Without_room_for_warm_ones_every_step_replays_and_nothing_else_changes()
    {
        await using var backend = await EmbeddedBackend.StartAsync(Tasks(), new DurableSettings { MaxWarmOrchestrators = 0 });
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("short", new StartOrchestrationOptions("cold"));
        foreach (var n in new[] { 1, 2, 3 }) await backend.Client.RaiseEventAsync("cold", "n", n);

        var ended = await backend.Client.WaitForInstanceCompletionAsync("cold", getInputsAndOutputs: true).WaitAsync(Patience);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
        Assert.Equal(6, ended.ReadOutputAs<int>());
    }

    private static DurableTasks Tasks() => new DurableTasks()
        .Orchestrator("long", async context =>
        {
            var sum = 0;
            for (var round = 0; round < Rounds; round++)
                sum += (await Task.WhenAll(Enumerable.Range(0, Width).Select(_ => context.CallActivityAsync<int>("one")))).Sum();
            foreach (var name in new[] { "first", "second", "third" }) sum += await context.WaitForExternalEvent<int>(name);
            return sum;
        })
        .Orchestrator("short", async context =>
        {
            var sum = 0;
            for (var i = 0; i < 3; i++) sum += await context.WaitForExternalEvent<int>("n");
            return sum;
        })
        .Activity("one", _ => 1);
}

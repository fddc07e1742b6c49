using Xunit;

namespace Atomic.Testing.DurableTask;

public abstract partial class DurableTaskConformance
{
    [Fact]
    public async Task Ids_and_times_are_the_same_at_every_replay()
    {
        var seen = new List<string>();
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("note", async context =>
            {
                var notes = new List<string>();
                for (var i = 0; i < 3; i++)
                {
                    notes.Add($"{context.NewGuid()} {context.NewGuid()} {context.CurrentUtcDateTime:O}");
                    await context.CallActivityAsync("see", string.Join('\n', notes));
                }

                return notes;
            })
            .Activity("see", input =>
            {
                seen.Add(input.GetString()!);
                return (object?)null;
            }));

        var notes = (await RunAsync(backend, "note")).ReadOutputAs<List<string>>()!;

        Assert.Equal(Enumerable.Range(1, 3).Select(count => string.Join('\n', notes.Take(count))), seen);
        Assert.Equal(6, notes.SelectMany(note => note.Split(' ').Take(2)).Distinct().Count());
    }

    [Fact]
    public async Task What_is_done_only_when_not_replaying_is_done_once()
    {
        var done = new List<int>();
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("count", async context =>
            {
                for (var i = 0; i < 4; i++)
                {
                    if (!context.IsReplaying) done.Add(i);
                    await context.CallActivityAsync("work");
                }

                return (object?)null;
            })
            .Activity("work", _ => (object?)null));

        await RunAsync(backend, "count");

        Assert.Equal([0, 1, 2, 3], done);
    }

    [Fact]
    public async Task After_a_restart_everything_goes_on_where_it_was()
    {
        var steps = new List<string>();
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("journey", async context =>
            {
                await context.CallActivityAsync("step", "activity");
                context.SetCustomStatus("under way");
                var word = await context.WaitForExternalEvent<string>("word");
                await context.CreateTimer(TimeSpan.FromSeconds(2), CancellationToken.None);
                await context.CallActivityAsync("step", word);
                return await context.CallSubOrchestratorAsync<int>("child");
            })
            .Orchestrator("child", _ => Task.FromResult<object?>(42))
            .Activity("step", input =>
            {
                steps.Add(input.GetString()!);
                return (object?)null;
            }));
        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("journey");
        await SeenAsync(backend, id, "under way");

        if (!await backend.TryRestartAsync()) return;
        await backend.Client.RaiseEventAsync(id, "word", "event");
        if (!await backend.TryRestartAsync()) return;

        Completed(42, await EndAsync(backend, id));
        Assert.Equal(["activity", "event"], steps);
    }

    [Fact]
    public async Task An_orchestrator_that_does_something_else_when_replayed_fails_and_the_difference_is_named()
    {
        var changed = false;
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("drift", async context =>
            {
                await context.CallActivityAsync(changed ? "after" : "before");
                context.SetCustomStatus("waiting");
                return await context.WaitForExternalEvent<string>("go");
            })
            .Activity("before", _ => (object?)null)
            .Activity("after", _ => (object?)null));
        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("drift");
        await SeenAsync(backend, id, "waiting");

        changed = true;
        if (!await backend.TryRestartAsync()) return;
        await backend.Client.RaiseEventAsync(id, "go", "on");

        var failure = Failed(await EndAtOnceAsync(backend, id));
        Assert.EndsWith("NonDeterministicOrchestrationException", failure.ErrorType, StringComparison.Ordinal);
        Assert.Contains("'before'", failure.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("'after'", failure.ErrorMessage, StringComparison.Ordinal);
    }
}

using Atomic.LocalHost.DurableTask;
using Atomic.Testing.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Unit.DurableTask;

public sealed class Starting_instances
{
    [Fact]
    public async Task With_an_id_that_is_taken_names_the_id_and_the_status()
    {
        await using var backend = await StartAsync();
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("wait", new StartOrchestrationOptions("x"));
        await backend.IdleAsync();

        var e = await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
            () => backend.Client.ScheduleNewOrchestrationInstanceAsync("wait", new StartOrchestrationOptions("x")));

        Assert.Equal(("x", OrchestrationRuntimeStatus.Running), (e.InstanceId, e.Status));
    }

    [Fact]
    public async Task May_be_refused_for_an_ended_one_as_well()
    {
        await using var backend = await StartAsync();
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("end", new StartOrchestrationOptions("x"));
        await backend.IdleAsync();
        var once = new StartOrchestrationOptions("x").WithDedupeStatuses(Enum.GetValues<OrchestrationRuntimeStatus>());

        var e = await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => backend.Client.ScheduleNewOrchestrationInstanceAsync("end", once));

        Assert.Equal(OrchestrationRuntimeStatus.Completed, e.Status);
    }

    [Fact]
    public async Task Replaces_a_running_one_when_that_is_allowed()
    {
        await using var backend = await StartAsync();
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("wait", "old", new StartOrchestrationOptions("x"));
        await backend.IdleAsync();
        var replacing = new StartOrchestrationOptions("x").WithDedupeStatuses(OrchestrationRuntimeStatus.Suspended);

        await backend.Client.ScheduleNewOrchestrationInstanceAsync("wait", "new", replacing);
        await backend.IdleAsync();
        Assert.Equal("new", (await backend.Client.GetInstanceAsync("x", getInputsAndOutputs: true))!.ReadInputAs<string>());

        await backend.Client.RaiseEventAsync("x", "go", 5);
        await backend.IdleAsync();
        Assert.Equal(5, (await backend.Client.GetInstanceAsync("x", getInputsAndOutputs: true))!.ReadOutputAs<int>());
    }

    [Fact]
    public async Task Names_an_unknown_status()
    {
        await using var backend = await StartAsync();
        var options = new StartOrchestrationOptions("x") { DedupeStatuses = ["Sleeping"] };

        var e = await Assert.ThrowsAsync<ArgumentException>(() => backend.Client.ScheduleNewOrchestrationInstanceAsync("end", options));

        Assert.Contains("'Sleeping'", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "has 0")]
    [InlineData("@counter", "begin with '@'")]
    [InlineData("a/b", "must not contain")]
    [InlineData("a\\b", "must not contain")]
    [InlineData("a#b", "must not contain")]
    [InlineData("a?b", "must not contain")]
    [InlineData("a\nb", "must not contain")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890", "has 101")]
    public async Task Refuses_an_id_that_Azure_refuses(string id, string why)
    {
        await using var backend = await StartAsync();

        var e = await Assert.ThrowsAsync<ArgumentException>(
            () => backend.Client.ScheduleNewOrchestrationInstanceAsync("end", new StartOrchestrationOptions(id)));

        Assert.Contains(why, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_a_later_time_survives_a_kill_and_keeps_events_that_come_before()
    {
        await using var backend = await StartAsync();
        var at = backend.Time.GetUtcNow().AddHours(1);
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("wait", new StartOrchestrationOptions("x", at));
        await backend.Client.RaiseEventAsync("x", "go", 7);
        await backend.TryRestartAsync();
        await backend.IdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await backend.Client.GetInstanceAsync("x"))!.RuntimeStatus);

        await backend.ToNextTimerAsync();

        Assert.Equal(at, backend.Time.GetUtcNow());
        Assert.Equal(7, (await backend.Client.GetInstanceAsync("x", getInputsAndOutputs: true))!.ReadOutputAs<int>());
    }

    [Fact]
    public async Task Keeps_its_tags()
    {
        await using var backend = await StartAsync();
        var tagged = new StartOrchestrationOptions("x") { Tags = new Dictionary<string, string> { ["tenant"] = "north" } };
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("end", tagged);
        await backend.TryRestartAsync();
        await backend.IdleAsync();

        Assert.Equal("north", (await backend.Client.GetInstanceAsync("x"))!.Tags["tenant"]);
    }

    private static Task<EmbeddedBackend> StartAsync() => EmbeddedBackend.StartAsync(new DurableTasks()
        .Orchestrator("wait", async context => await context.WaitForExternalEvent<int>("go"))
        .Orchestrator("end", _ => Task.FromResult<object?>("ended")));
}

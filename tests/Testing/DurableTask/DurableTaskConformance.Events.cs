using Xunit;

namespace Atomic.Testing.DurableTask;

public abstract partial class DurableTaskConformance
{
    private sealed record Approval(string By, bool Approved);

    [Fact]
    public async Task An_event_reaches_the_one_that_waits_for_it()
    {
        await using var backend = await StartAsync(new DurableTasks().Orchestrator("ask", async context =>
        {
            context.SetCustomStatus("waiting");
            return await context.WaitForExternalEvent<Approval>("approval");
        }));

        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("ask");
        await SeenAsync(backend, id, "waiting");
        await backend.Client.RaiseEventAsync(id, "APPROVAL", new Approval("someone", true));

        Completed(new Approval("someone", true), await EndAtOnceAsync(backend, id));
    }

    [Fact]
    public async Task Events_are_kept_until_they_are_awaited_first_in_first_out()
    {
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("collect", async context =>
            {
                context.SetCustomStatus("busy");
                await context.WaitForExternalEvent<bool>("go");
                var taken = new List<int>();
                for (var i = 0; i < 3; i++) taken.Add(await context.WaitForExternalEvent<int>("number"));
                return taken;
            }));

        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("collect");
        await SeenAsync(backend, id, "busy");
        foreach (var number in new[] { 7, 8, 9 }) await backend.Client.RaiseEventAsync(id, "number", number);
        await backend.Client.RaiseEventAsync(id, "go", true);

        Completed<int[]>([7, 8, 9], await EndAtOnceAsync(backend, id));
    }

    [Fact]
    public async Task One_event_ends_one_wait()
    {
        await using var backend = await StartAsync(new DurableTasks().Orchestrator("two", async context =>
        {
            var waits = new[] { context.WaitForExternalEvent<int>("n"), context.WaitForExternalEvent<int>("n") };
            context.SetCustomStatus("waiting");
            var first = await Task.WhenAny(waits);
            context.SetCustomStatus(waits.Count(wait => wait.IsCompleted));
            await Task.WhenAll(waits);
            return waits.Sum(wait => wait.Result);
        }));

        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("two");
        await SeenAsync(backend, id, "waiting");
        await backend.Client.RaiseEventAsync(id, "n", 1);
        await SeenAsync(backend, id, instance => instance.SerializedCustomStatus == "1");
        await backend.Client.RaiseEventAsync(id, "n", 2);

        Completed(3, await EndAtOnceAsync(backend, id));
    }

    [Fact]
    public async Task A_wait_with_a_time_limit_ends_in_cancellation()
    {
        await using var backend = await StartAsync(new DurableTasks().Orchestrator("limit", async context =>
        {
            try
            {
                return await context.WaitForExternalEvent<string>("never", TimeSpan.FromSeconds(2));
            }
            catch (OperationCanceledException)
            {
                return "timed out";
            }
        }));

        Completed("timed out", await RunAsync(backend, "limit"));
    }

    [Fact]
    public async Task A_wait_with_a_time_limit_takes_an_event_in_time()
    {
        await using var backend = await StartAsync(new DurableTasks().Orchestrator("limit", async context =>
        {
            context.SetCustomStatus("waiting");
            return await context.WaitForExternalEvent<string>("answer", TimeSpan.FromDays(1));
        }));

        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("limit");
        await SeenAsync(backend, id, "waiting");
        await backend.Client.RaiseEventAsync(id, "answer", "in time");

        Completed("in time", await EndAtOnceAsync(backend, id));
    }

    [Fact]
    public async Task A_cancelled_wait_leaves_the_event_to_the_next()
    {
        await using var backend = await StartAsync(new DurableTasks().Orchestrator("abandon", async context =>
        {
            using var cancel = new CancellationTokenSource();
            var abandoned = context.WaitForExternalEvent<string>("word", cancel.Token);
            cancel.Cancel();
            var wait = context.WaitForExternalEvent<string>("word");
            context.SetCustomStatus("waiting");
            return $"{await wait}, abandoned: {abandoned.IsCanceled}";
        }));

        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("abandon");
        await SeenAsync(backend, id, "waiting");
        await backend.Client.RaiseEventAsync(id, "word", "heard");

        Completed("heard, abandoned: True", await EndAtOnceAsync(backend, id));
    }

    [Fact]
    public async Task An_orchestrator_sends_events_to_another()
    {
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("listen", async context =>
            {
                context.SetCustomStatus("listening");
                return await context.WaitForExternalEvent<int>("tell") + await context.WaitForExternalEvent<int>("tell");
            })
            .Orchestrator("tell", context =>
            {
                context.SendEvent(context.GetInput<string>()!, "tell", 1);
                context.SendEvent(context.GetInput<string>()!, "TELL", 2);
                context.SendEvent(NewId(), "tell", 3);
                return Task.FromResult<object?>("told");
            }));

        var listener = await backend.Client.ScheduleNewOrchestrationInstanceAsync("listen");
        await SeenAsync(backend, listener, "listening");

        Completed("told", await RunAsync(backend, "tell", listener));
        Completed(3, await EndAtOnceAsync(backend, listener));
    }
}

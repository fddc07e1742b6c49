using System.Text.Json;
using Microsoft.DurableTask;
using Xunit;

namespace Atomic.Testing.DurableTask;

public abstract partial class DurableTaskConformance
{
    private sealed record Parcel(string Name, int Weight, IReadOnlyList<string> Stamps);

    [Fact]
    public async Task An_activity_gets_its_input_and_gives_its_output()
    {
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("send", async context => await context.CallActivityAsync<Parcel>("stamp", context.GetInput<Parcel>()))
            .Activity("stamp", input =>
            {
                var parcel = input.Deserialize<Parcel>()!;
                return parcel with { Stamps = [.. parcel.Stamps, "second"] };
            }));

        var sent = await RunAsync(backend, "send", new Parcel("toy", 3, ["first"]));

        Assert.Equal("""{"Name":"toy","Weight":3,"Stamps":["first","second"]}""", sent.SerializedOutput);
        Assert.Equal("""{"Name":"toy","Weight":3,"Stamps":["first"]}""", sent.SerializedInput);
    }

    [Fact]
    public async Task An_activity_without_input_and_output_is_called()
    {
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("call", async context =>
            {
                await context.CallActivityAsync("nothing");
                return await context.CallActivityAsync<string?>("nothing");
            })
            .Activity("nothing", _ => (object?)null));

        Assert.Null((await RunAsync(backend, "call")).SerializedOutput);
    }

    [Fact]
    public async Task Names_of_functions_differ_by_more_than_case()
    {
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("Outer", async context => await context.CallActivityAsync<int>("INNER", 1))
            .Activity("inner", input => input.GetInt32() + 1));

        Completed(2, await RunAsync(backend, "OUTER"));
    }

    [Fact]
    public async Task Activities_run_beside_each_other_and_results_come_in_the_order_of_the_calls()
    {
        var all = new TaskCompletionSource();
        var begun = 0;
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("fan", async context =>
                await Task.WhenAll(Enumerable.Range(0, 5).Select(i => context.CallActivityAsync<int>("square", i))))
            .Activity("square", async input =>
            {
                if (Interlocked.Increment(ref begun) == 5) all.SetResult();
                await all.Task.WaitAsync(Patience);
                return input.GetInt32() * input.GetInt32();
            }));

        Completed<int[]>([0, 1, 4, 9, 16], await RunAsync(backend, "fan"));
    }

    [Fact]
    public async Task An_exception_crosses_as_failure_details()
    {
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("catch", async context =>
            {
                try
                {
                    await context.CallActivityAsync("throw");
                    return "no exception";
                }
                catch (TaskFailedException e)
                {
                    return $"{e.TaskName}|{e.FailureDetails.ErrorMessage}|{e.FailureDetails.IsCausedBy<InvalidOperationException>()}|{e.FailureDetails.InnerFailure?.ErrorMessage}";
                }
            })
            .Activity("throw", _ => throw new InvalidOperationException("outer", new TimeoutException("inner"))));

        Completed("throw|outer|True|inner", await RunAsync(backend, "catch"));
    }

    [Fact]
    public async Task A_failure_that_nobody_catches_fails_the_orchestration()
    {
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("fall", async context => await context.CallActivityAsync<int>("throw"))
            .Activity("throw", _ => throw new InvalidOperationException("out of order")));

        var fallen = await RunAsync(backend, "fall");

        var failure = Failed(fallen);
        Assert.EndsWith(nameof(TaskFailedException), failure.ErrorType, StringComparison.Ordinal);
        Assert.Contains("out of order", failure.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("out of order", failure.InnerFailure?.ErrorMessage);
        Assert.Null(fallen.SerializedOutput);
    }

    [Fact]
    public async Task An_exception_of_the_orchestrator_fails_it()
    {
        await using var backend = await StartAsync(new DurableTasks().Orchestrator("throw", _ => throw new NotSupportedException("not this")));

        var failure = Failed(await RunAsync(backend, "throw"));

        Assert.Equal((typeof(NotSupportedException).FullName, "not this"), (failure.ErrorType, failure.ErrorMessage));
    }

    [Fact]
    public async Task An_activity_that_does_not_exist_fails_and_is_not_tried_again()
    {
        await using var backend = await StartAsync(new DurableTasks().Orchestrator("call", async context =>
            await context.CallActivityAsync<int>("missing", options: new TaskOptions(new RetryPolicy(5, TimeSpan.FromDays(1))))));

        Assert.Contains("missing", Failed(await RunAsync(backend, "call")).ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_orchestrator_that_does_not_exist_fails()
    {
        await using var backend = await StartAsync(new DurableTasks());

        Assert.Contains("missing", Failed(await RunAsync(backend, "missing")).ErrorMessage, StringComparison.Ordinal);
    }
}

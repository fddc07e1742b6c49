using Microsoft.DurableTask;
using Xunit;

namespace Atomic.Testing.DurableTask;

public abstract partial class DurableTaskConformance
{
    [Fact]
    public async Task A_policy_tries_again_until_it_succeeds()
    {
        var attempts = 0;
        await using var backend = await StartAsync(Trying(() => attempts++ < 2 ? throw new TimeoutException("not yet") : attempts));

        Completed(3, await RunAsync(backend, "try", 5));
        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task A_policy_gives_up_after_its_attempts_and_gives_the_last_failure()
    {
        var attempts = 0;
        await using var backend = await StartAsync(Trying(() => throw new TimeoutException($"attempt {++attempts}")));

        Assert.Equal("attempt 3", Failed(await RunAsync(backend, "try", 3)).InnerFailure?.ErrorMessage);
        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task The_waits_of_a_policy_grow_to_their_maximum()
    {
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("wait", async context =>
            {
                var began = context.CurrentUtcDateTime;
                var policy = new RetryPolicy(4, TimeSpan.FromSeconds(1), backoffCoefficient: 3, maxRetryInterval: TimeSpan.FromSeconds(4));
                try
                {
                    await context.CallActivityAsync("fail", options: TaskOptions.FromRetryPolicy(policy));
                }
                catch (TaskFailedException)
                {
                }

                return (context.CurrentUtcDateTime - began).TotalSeconds;
            })
            .Activity("fail", _ => throw new TimeoutException()));

        var waited = (await RunAsync(backend, "wait")).ReadOutputAs<double>();

        Assert.InRange(waited, 1 + 3 + 4, (1 + 3 + 4) * 3);
    }

    [Fact]
    public async Task A_policy_tries_no_longer_than_its_time_limit()
    {
        var attempts = 0;
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("limit", async context => await context.CallActivityAsync<int>(
                "fail", options: new TaskOptions(new RetryPolicy(1000, TimeSpan.FromSeconds(2), retryTimeout: TimeSpan.FromSeconds(3)))))
            .Activity("fail", _ => throw new TimeoutException($"{++attempts}")));

        Failed(await RunAsync(backend, "limit"));
        Assert.InRange(attempts, 2, 3);
    }

    [Fact]
    public async Task A_policy_may_look_at_the_failure()
    {
        var attempts = 0;
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("choose", async context => await context.CallActivityAsync<int>("fail", options: new TaskOptions(
                new RetryPolicy(5, TimeSpan.FromSeconds(1)) { HandleFailure = failure => failure.ErrorMessage != "fatal" })))
            .Activity("fail", _ => throw new TimeoutException(++attempts < 2 ? "passing" : "fatal")));

        Assert.Equal("fatal", Failed(await RunAsync(backend, "choose")).InnerFailure?.ErrorMessage);
        Assert.Equal(2, attempts);
    }

    [Fact]
    public async Task A_handler_decides_each_time()
    {
        var seen = new List<string>();
        var attempts = 0;
        await using var backend = await StartAsync(new DurableTasks()
            .Orchestrator("handle", async context => await context.CallActivityAsync<int>("fail", options: TaskOptions.FromRetryHandler(async retry =>
            {
                await retry.OrchestrationContext.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
                if (!retry.OrchestrationContext.IsReplaying) seen.Add($"{retry.LastAttemptNumber}:{retry.LastFailure.ErrorMessage}");
                return retry.LastAttemptNumber < 3;
            })))
            .Activity("fail", _ => throw new TimeoutException($"{++attempts}")));

        Assert.Equal("3", Failed(await RunAsync(backend, "handle")).InnerFailure?.ErrorMessage);
        Assert.Equal(["1:1", "2:2", "3:3"], seen);
    }

    private static DurableTasks Trying(Func<int> activity) => new DurableTasks()
        .Orchestrator("try", async context => await context.CallActivityAsync<int>(
            "work", options: new TaskOptions(new RetryPolicy(context.GetInput<int>(), TimeSpan.FromSeconds(1)))))
        .Activity("work", _ => activity());
}

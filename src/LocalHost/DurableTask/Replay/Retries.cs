using Atomic.LocalHost.DurableTask.History;
using Microsoft.DurableTask;

namespace Atomic.LocalHost.DurableTask.Replay;

/// <summary>Calls again what has failed, as the caller's options say; every wait is a timer of the orchestration.</summary>
internal sealed class Retries(TaskOrchestrationContext context)
{
    public Task<T> RunAsync<T>(TaskRetryOptions? options, Func<Task<T>> call) => options switch
    {
        { Policy: { } policy } => ByPolicyAsync(policy, call),
        { Handler: { } handler } => ByHandlerAsync(handler, call),
        _ => call(),
    };

    private async Task<T> ByPolicyAsync<T>(RetryPolicy policy, Func<Task<T>> call)
    {
        var first = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan wait;
            try
            {
                return await call();
            }
            catch (TaskFailedException failed) when (MayRetry(policy, attempt, first, failed))
            {
                wait = WaitAfter(policy, attempt);
            }

            await context.CreateTimer(wait, CancellationToken.None);
        }
    }

    private async Task<T> ByHandlerAsync<T>(AsyncRetryHandler handler, Func<Task<T>> call)
    {
        var first = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (TaskFailedException failed) when (!Failure.IsFinal(failed.FailureDetails))
            {
                var asked = new RetryContext(context, attempt, failed.FailureDetails, context.CurrentUtcDateTime - first, CancellationToken.None);
                if (!await handler(asked)) throw;
            }
        }
    }

    private bool MayRetry(RetryPolicy policy, int attempt, DateTime first, TaskFailedException failed) =>
        attempt < policy.MaxNumberOfAttempts
        && !Failure.IsFinal(failed.FailureDetails)
        && (policy.RetryTimeout == Timeout.InfiniteTimeSpan || context.CurrentUtcDateTime - first < policy.RetryTimeout)
        && policy.Handle(failed);

    private static TimeSpan WaitAfter(RetryPolicy policy, int attempt)
    {
        var longest = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : policy.MaxRetryInterval;
        var wait = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        return wait < longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(wait) : longest;
    }
}

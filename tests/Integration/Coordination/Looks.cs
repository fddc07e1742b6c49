using Atomic.Functions.Watch;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Atomic.Integration.Coordination;

/// <summary>Has the watch over the engine look when a test says so, and not besides because five minutes of the hour happen to be over.</summary>
internal sealed class Looks : IFunctionsWorkerMiddleware
{
    private Look? _asked;

    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Asks for one look that begins then or later.</summary>
    public Look Ask(DateTimeOffset from)
    {
        var look = new Look(from);
        Volatile.Write(ref _asked, look);
        return look;
    }

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.FunctionDefinition.Name != nameof(WatchTransactionsFunction.WatchTransactions)) return next(context);
        if (Volatile.Read(ref _asked) is not { } look || Time.GetUtcNow() < look.From) return Task.CompletedTask;
        Volatile.Write(ref _asked, null);
        return LookAsync(look, () => next(context));
    }

    private static async Task LookAsync(Look look, Func<Task> runAsync)
    {
        look.Begun.SetResult();
        try
        {
            await runAsync();
            look.Ended.SetResult();
        }
        catch (Exception e)
        {
            look.Ended.SetException(e);
            throw;
        }
    }
}

internal sealed record Look(DateTimeOffset From)
{
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

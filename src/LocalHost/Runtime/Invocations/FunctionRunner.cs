using System.Diagnostics;
using Atomic.LocalHost.Runtime.Discovery;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.Runtime.Invocations;

/// <summary>Runs functions: a scope, an instance and a token for each call, a limit to its time, and a line in the log when it fails.</summary>
internal sealed class FunctionRunner(
    IServiceProvider services, TimeSpan limit, TimeProvider time, ILogger<FunctionRunner> logger) : IDisposable
{
    /// <summary>How long a function that was told to stop is waited for before it is given up.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private static readonly ActivitySource Source = new("Atomic.LocalHost");

    private readonly CancellationTokenSource _stopping = new();
    private readonly IServiceScopeFactory _scopes = services.GetRequiredService<IServiceScopeFactory>();
    private readonly IReadOnlyList<IFunctionsWorkerMiddleware> _middleware = [.. services.GetServices<IFunctionsWorkerMiddleware>().Reverse()];
    private DurableTaskClient? _durableClient;

    public DurableTaskClient DurableClient
    {
        private get => _durableClient ?? throw new InvalidOperationException("The durable engine is not open yet.");
        set => _durableClient = value;
    }

    public bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>Tells whatever still runs to stop.</summary>
    public Task CancelAllAsync() => _stopping.CancelAsync();

    /// <summary>Calls a function and gives what it returned.</summary>
    /// <param name="conclude">What is still to be done with the result while the function's scope is alive.</param>
    /// <exception cref="FunctionTimeoutException">It was told to stop after its limit, and has not ended in its own way.</exception>
    public Task<object?> RunAsync(Function function, object trigger, CancellationToken cancellation, Func<Invocation, object?, Task>? conclude = null) =>
        RunAsync(function, trigger, conclude, cancellation, _stopping.Token);

    /// <summary>Calls an activity, which its engine alone tells to stop: it knows one that was interrupted from one that failed.</summary>
    /// <exception cref="FunctionTimeoutException">It was told to stop after its limit, and has not ended in its own way.</exception>
    public Task<object?> RunActivityAsync(Function function, object trigger, CancellationToken cancellation) =>
        RunAsync(function, trigger, null, cancellation, CancellationToken.None);

    /// <summary>Calls an orchestrator: it stays on the thread of its engine, which alone knows when it may go on, and has no limit.</summary>
    public Task<object?> RunOrchestratorAsync(Function function, object trigger) => CallAsync(function, trigger, null, CancellationToken.None);

    public void Dispose() => _stopping.Dispose();

    private async Task<object?> RunAsync(
        Function function, object trigger, Func<Invocation, object?, Task>? conclude, CancellationToken cancellation, CancellationToken stopping)
    {
        using var activity = Source.StartActivity(function.Name);
        using var timeout = new CancellationTokenSource(limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping, timeout.Token);
        var began = time.GetTimestamp();
        Logs.FunctionStarted(logger, function.Name);
        try
        {
            var running = CallAsync(function, trigger, conclude, linked.Token);
            var result = limit == Timeout.InfiniteTimeSpan ? await running : await running.WaitAsync(limit + Grace, time, CancellationToken.None);
            Logs.FunctionSucceeded(logger, function.Name, time.GetElapsedTime(began).TotalMilliseconds);
            return result;
        }
        catch (Exception e) when (timeout.IsCancellationRequested && e is TimeoutException or OperationCanceledException)
        {
            var late = new FunctionTimeoutException(function.Name, limit, e);
            Logs.FunctionFailed(logger, function.Name, late);
            throw late;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested || stopping.IsCancellationRequested)
        {
            Logs.FunctionCancelled(logger, function.Name);
            throw;
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            Logs.FunctionFailed(logger, function.Name, e);
            throw;
        }
    }

    private async Task<object?> CallAsync(
        Function function, object trigger, Func<Invocation, object?, Task>? conclude, CancellationToken cancellation)
    {
        function.Started();
        try
        {
            await using var scope = _scopes.CreateAsyncScope();
            var invocation = new Invocation(function, trigger, scope.ServiceProvider, DurableClient, cancellation);
            var result = await PassAsync(function, invocation);
            if (conclude is not null) await conclude(invocation, result);
            return result;
        }
        finally
        {
            function.Ended();
        }
    }

    /// <summary>Through all that stands before the function, if it lets the call pass; else there is no result.</summary>
    private async Task<object?> PassAsync(Function function, Invocation invocation)
    {
        object? result = null;
        FunctionExecutionDelegate call = async _ => result = await CallAsync(function, invocation);
        foreach (var middleware in _middleware)
        {
            var next = call;
            call = context => middleware.Invoke(context, next);
        }

        await call(invocation);
        return result;
    }

    private static async Task<object?> CallAsync(Function function, Invocation invocation)
    {
        var instance = function.Create(invocation.InstanceServices);
        try
        {
            return await function.CallAsync(instance, invocation);
        }
        finally
        {
            if (instance is IAsyncDisposable asynchronously) await asynchronously.DisposeAsync();
            else (instance as IDisposable)?.Dispose();
        }
    }
}

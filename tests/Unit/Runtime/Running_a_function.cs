using Atomic.LocalHost.Runtime.Discovery;
using Atomic.LocalHost.Runtime.Invocations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Xunit;

namespace Atomic.Unit.Runtime;

public sealed class Running_a_function : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Seen _seen = new();
    private readonly ServiceProvider _services;

    public Running_a_function() => _services = new ServiceCollection().AddSingleton(_seen).AddScoped<Scoped>().BuildServiceProvider();

    [Fact]
    public async Task Gives_each_call_a_scope_of_its_own_and_ends_it_with_the_call()
    {
        using var runner = Runner();

        await runner.RunAsync(FunctionNamed("Look"), "first", CancellationToken.None);
        await runner.RunAsync(FunctionNamed("Look"), "second", CancellationToken.None);

        Assert.Equal(2, _seen.Scopes.Distinct().Count());
        Assert.All(_seen.Scopes, scope => Assert.True(scope.IsDisposed));
        Assert.Equal(2, _seen.DisposedInstances);
    }

    [Fact]
    public async Task Shows_it_its_context()
    {
        using var runner = Runner();

        await runner.RunAsync(FunctionNamed("Look"), "trigger", CancellationToken.None);

        var context = Assert.Single(_seen.Contexts);
        Assert.Equal(("Look", $"{typeof(Classes).FullName}.Look"), (context.FunctionDefinition.Name, context.FunctionDefinition.EntryPoint));
        Assert.Equal(["trigger", "context", "cancellation"], context.FunctionDefinition.Parameters.Select(parameter => parameter.Name));
        Assert.Equal("activityTrigger", context.FunctionDefinition.InputBindings["trigger"].Type);
        Assert.NotEmpty(context.InvocationId);
        context.Features.Set("feature");
        Assert.Equal("feature", context.Features.Get<string>());
    }

    [Fact]
    public async Task Tells_it_to_stop_at_its_limit_and_names_it()
    {
        using var runner = Runner(limit: TimeSpan.FromMinutes(5));

        var running = runner.RunAsync(FunctionNamed("Wait"), "", CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(5));

        var late = await Assert.ThrowsAsync<FunctionTimeoutException>(() => running);
        Assert.Contains("Wait", late.Message, StringComparison.Ordinal);
        Assert.Contains("00:05:00", late.Message, StringComparison.Ordinal);
        Assert.True(_seen.WasCancelled);
    }

    [Fact]
    public async Task Gives_up_one_that_does_not_stop_when_told_and_keeps_its_scope_until_it_does()
    {
        using var runner = Runner(limit: TimeSpan.FromMinutes(5));

        var running = runner.RunAsync(FunctionNamed("Ignore"), "", CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.False(running.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<FunctionTimeoutException>(() => running);
        Assert.False(_seen.Scopes.Single().IsDisposed);
        _seen.Go.SetResult();
        await _seen.Scopes.Single().Disposed;
    }

    [Fact]
    public async Task Leaves_one_without_a_limit_alone()
    {
        using var runner = Runner(Timeout.InfiniteTimeSpan);

        var running = runner.RunAsync(FunctionNamed("Ignore"), "", CancellationToken.None);
        _time.Advance(TimeSpan.FromDays(10));

        Assert.False(running.IsCompleted);
        _seen.Go.SetResult();
        await running;
    }

    [Fact]
    public async Task Cancels_it_when_its_trigger_or_the_host_says_so()
    {
        using var runner = Runner();
        using var caller = new CancellationTokenSource();

        var one = runner.RunAsync(FunctionNamed("Wait"), "", caller.Token);
        var other = runner.RunAsync(FunctionNamed("Wait"), "", CancellationToken.None);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        Assert.False(other.IsCompleted);
        await runner.CancelAllAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other);
    }

    [Theory]
    [InlineData("Fail")]
    [InlineData("Fail_later")]
    public async Task Passes_on_what_it_throws(string function)
    {
        using var runner = Runner();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => runner.RunAsync(FunctionNamed(function), "", CancellationToken.None));

        Assert.Equal(function, failure.Message);
        Assert.True(_seen.Scopes.Single().IsDisposed);
    }

    [Theory]
    [InlineData("Return_void", null)]
    [InlineData("Return_value", 7)]
    [InlineData("Return_task", null)]
    [InlineData("Return_task_of_value", 7)]
    [InlineData("Return_value_task", null)]
    [InlineData("Return_value_task_of_value", 7)]
    public async Task Gives_what_it_returns_in_whatever_shape(string function, object? result)
    {
        using var runner = Runner();

        Assert.Equal(result, await runner.RunAsync(FunctionNamed(function), "", CancellationToken.None));
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private FunctionRunner Runner(TimeSpan? limit = null) => new(_services, limit ?? TimeSpan.FromMinutes(5), _time, NullLogger<FunctionRunner>.Instance)
    {
        DurableClient = new Mock<DurableTaskClient>("test").Object,
    };

    private static Function FunctionNamed(string name)
    {
        var problems = new List<string>();
        var method = FunctionMethod.In([typeof(Classes)], problems).Single(each => each.Name == name);
        return new Function(method, ParameterBindings.Of(method, parameter => parameter == method.TriggerParameter ? call => call.Trigger : null, problems));
    }

    public sealed class Seen
    {
        public List<Scoped> Scopes { get; } = [];

        public List<FunctionContext> Contexts { get; } = [];

        public TaskCompletionSource Go { get; } = new();

        public bool WasCancelled { get; set; }

        public int DisposedInstances { get; set; }
    }

    public sealed class Scoped : IDisposable
    {
        private readonly TaskCompletionSource _disposed = new();

        public bool IsDisposed => _disposed.Task.IsCompleted;

        public Task Disposed => _disposed.Task;

        public void Dispose() => _disposed.SetResult();
    }

    public sealed class Classes : IDisposable
    {
        private readonly Seen _seen;

        public Classes(Seen seen, Scoped scoped)
        {
            _seen = seen;
            seen.Scopes.Add(scoped);
        }

        [Function("Look")]
        public void Look([ActivityTrigger] string trigger, FunctionContext context, CancellationToken cancellation)
        {
            Assert.Equal(context.CancellationToken, cancellation);
            Assert.Same(_seen.Scopes[^1], context.InstanceServices.GetRequiredService<Scoped>());
            _seen.Contexts.Add(context);
        }

        [Function("Wait")]
        public async Task Wait([ActivityTrigger] string trigger, CancellationToken cancellation)
        {
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            }
            finally
            {
                _seen.WasCancelled = cancellation.IsCancellationRequested;
            }
        }

        [Function("Ignore")]
        public Task Ignore([ActivityTrigger] string trigger) => _seen.Go.Task;

        [Function("Fail")]
        public Task Fail([ActivityTrigger] string trigger) => throw new InvalidOperationException("Fail");

        [Function("Fail_later")]
        public async Task Fail_later([ActivityTrigger] string trigger)
        {
            await Task.Yield();
            throw new InvalidOperationException("Fail_later");
        }

        [Function("Return_void")]
        public void Return_void([ActivityTrigger] string trigger) => _seen.WasCancelled = false;

        [Function("Return_value")]
        public int Return_value([ActivityTrigger] string trigger) => 7;

        [Function("Return_task")]
        public Task Return_task([ActivityTrigger] string trigger) => Task.CompletedTask;

        [Function("Return_task_of_value")]
        public Task<int> Return_task_of_value([ActivityTrigger] string trigger) => Task.FromResult(7);

        [Function("Return_value_task")]
        public ValueTask Return_value_task([ActivityTrigger] string trigger) => ValueTask.CompletedTask;

        [Function("Return_value_task_of_value")]
        public ValueTask<int> Return_value_task_of_value([ActivityTrigger] string trigger) => ValueTask.FromResult(7);

        public void Dispose() => _seen.DisposedInstances++;
    }
}

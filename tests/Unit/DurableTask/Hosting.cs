using System.Diagnostics;
using Atomic.LocalHost.DurableTask;
using Atomic.Testing.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Atomic.Unit.DurableTask;

/// <summary>What a host sets and sees: limits, versions, logs and traces.</summary>
public sealed class Hosting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Runs_no_more_activities_at_once_than_it_is_told()
    {
        var (running, most) = (0, 0);
        await using var backend = await EmbeddedBackend.StartAsync(
            new DurableTasks()
                .Orchestrator("fan", async context => (await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => context.CallActivityAsync<int>("work")))).Sum())
                .Activity("work", async _ =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref running));
                    await Task.Yield();
                    Interlocked.Decrement(ref running);
                    return 1;
                }),
            new DurableSettings { MaxConcurrentActivities = 3 });

        await backend.Client.ScheduleNewOrchestrationInstanceAsync("fan", new StartOrchestrationOptions("x"));

        var ended = await backend.Client.WaitForInstanceCompletionAsync("x", getInputsAndOutputs: true).WaitAsync(Patience);
        Assert.Equal(30, ended.ReadOutputAs<int>());
        Assert.InRange(most, 1, 3);
    }

    [Theory]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "1.0", OrchestrationRuntimeStatus.Completed)]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "2.0", OrchestrationRuntimeStatus.Completed)]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "2.1", OrchestrationRuntimeStatus.Failed)]
    [InlineData(VersionMatchStrategy.Strict, "1.0", OrchestrationRuntimeStatus.Failed)]
    [InlineData(VersionMatchStrategy.None, "3.0", OrchestrationRuntimeStatus.Completed)]
    public async Task Runs_the_versions_that_it_is_told(VersionMatchStrategy match, string version, OrchestrationRuntimeStatus status)
    {
        var settings = new DurableSettings { DefaultVersion = "2.0", VersionMatchStrategy = match, VersionFailureStrategy = VersionFailureStrategy.Fail };
        await using var backend = await EmbeddedBackend.StartAsync(Versioned(), settings);

        await backend.Client.ScheduleNewOrchestrationInstanceAsync("version", new StartOrchestrationOptions("x") { Version = version });

        var ended = await backend.Client.WaitForInstanceCompletionAsync("x", getInputsAndOutputs: true).WaitAsync(Patience);
        Assert.Equal(status, ended.RuntimeStatus);
        if (status == OrchestrationRuntimeStatus.Completed) Assert.Equal($"{version} 2.0", ended.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Leaves_a_newer_version_to_a_host_that_runs_it()
    {
        await using var backend = await EmbeddedBackend.StartAsync(Versioned());
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("version", new StartOrchestrationOptions("x") { Version = "1.0" });
        await backend.IdleAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await backend.Client.GetInstanceAsync("x"))!.RuntimeStatus);
        await backend.Client.TerminateInstanceAsync("x");
        Assert.Equal(
            OrchestrationRuntimeStatus.Terminated, (await backend.Client.WaitForInstanceCompletionAsync("x").WaitAsync(Patience)).RuntimeStatus);
    }

    [Fact]
    public async Task Fails_a_custom_status_that_Azure_would_not_keep()
    {
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks().Orchestrator("boast", async context =>
        {
            context.SetCustomStatus(new string('x', 8191 - context.GetInput<int>()));
            return await context.WaitForExternalEvent<int>("go");
        }));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("boast", 1, new StartOrchestrationOptions("fits"));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("boast", 0, new StartOrchestrationOptions("large"));
        await backend.IdleAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Running, (await backend.Client.GetInstanceAsync("fits"))!.RuntimeStatus);
        var large = await backend.Client.GetInstanceAsync("large", getInputsAndOutputs: true);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, large!.RuntimeStatus);
        Assert.Contains("custom status has 16386 bytes", large.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_for_an_orchestrator_once_however_often_it_is_replayed()
    {
        var logs = new Recorder();
        await using var backend = await EmbeddedBackend.StartAsync(
            new DurableTasks()
                .Orchestrator("log", async context =>
                {
                    var log = context.CreateReplaySafeLogger("orchestrator");
                    for (var i = 0; i < 3; i++)
                    {
                        log.LogInformation("before a call");
                        await context.CallActivityAsync("work");
                    }

                    return null;
                })
                .Activity("work", _ => (object?)null),
            new DurableSettings { MaxWarmOrchestrators = 0 },
            logs: logs);

        await backend.Client.ScheduleNewOrchestrationInstanceAsync("log", new StartOrchestrationOptions("x"));
        await backend.IdleAsync();

        Assert.Equal(["before a call", "before a call", "before a call"], logs.Messages);
        Assert.True(backend.Engine.Counters.EventsReplayed > 0);
    }

    [Fact]
    public async Task Runs_activities_in_the_trace_of_the_start()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Atomic.DurableTask" or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        ActivityTraceId seen = default;
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks()
            .Orchestrator("parent", async context => await context.CallSubOrchestratorAsync<int>("child"))
            .Orchestrator("child", async context => await context.CallActivityAsync<int>("work"))
            .Activity("work", _ =>
            {
                seen = Activity.Current!.TraceId;
                return 1;
            }));

        using var started = source.StartActivity("start");
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("parent", new StartOrchestrationOptions("x"));
        await backend.Client.WaitForInstanceCompletionAsync("x").WaitAsync(Patience);

        Assert.Equal(started!.TraceId, seen);
    }

    private static DurableTasks Versioned() => new DurableTasks()
        .Orchestrator("version", async context => $"{context.Version} {await context.CallSubOrchestratorAsync<string>("child")}")
        .Orchestrator("child", context => Task.FromResult<object?>(context.Version));

    private sealed class Recorder : ILoggerFactory, ILogger
    {
        private readonly List<string> _messages = [];

        public IReadOnlyList<string> Messages => _messages;

        public ILogger CreateLogger(string categoryName) => categoryName == "orchestrator" ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _messages.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}

using Atomic.LocalHost.DurableTask;
using Atomic.Testing.DurableTask;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Atomic.Unit.DurableTask;

public sealed class Opening_and_closing
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_close_waits_for_a_running_activity_and_keeps_its_result()
    {
        var (runs, begun, go) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        await using var backend = await EmbeddedBackend.StartAsync(Working(async () =>
        {
            begun.TrySetResult();
            await go.Task;
            return ++runs;
        }));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("work", new StartOrchestrationOptions("x"));
        await begun.Task.WaitAsync(Patience);

        var closing = backend.CloseAsync();
        Assert.False(closing.IsCompleted);
        go.SetResult();
        await closing.WaitAsync(Patience);
        await backend.OpenAsync();

        var ended = await backend.Client.WaitForInstanceCompletionAsync("x", getInputsAndOutputs: true).WaitAsync(Patience);
        Assert.Equal((1, 1), (ended.ReadOutputAs<int>(), runs));
    }

    [Fact]
    public async Task An_activity_that_does_not_end_in_time_is_cancelled_and_run_again()
    {
        var runs = 0;
        var begun = new TaskCompletionSource();
        var tasks = new Dictionary<string, Func<ActivityCall, Task<object?>>>
        {
            ["work"] = async call =>
            {
                if (++runs > 1) return runs;
                begun.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, call.Cancellation);
                return 0;
            },
        };
        var file = Path.Combine(Directory.CreateTempSubdirectory("durable").FullName, "durable.db");
        var settings = new DurableSettings { DrainLimit = TimeSpan.Zero };
        var functions = new DurableFunctions(Working(() => Task.FromResult<object?>(null)).Orchestrators, tasks);
        await using (var engine = await DurableEngine.OpenAsync(file, functions, settings, TimeProvider.System, NullLoggerFactory.Instance, default))
        {
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("work", new StartOrchestrationOptions("x"));
            await begun.Task.WaitAsync(Patience);
        }

        await using (var engine = await DurableEngine.OpenAsync(file, functions, settings, TimeProvider.System, NullLoggerFactory.Instance, default))
        {
            var ended = await engine.Client.WaitForInstanceCompletionAsync("x", getInputsAndOutputs: true).WaitAsync(Patience);
            Assert.Equal(2, ended.ReadOutputAs<int>());
        }

        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public async Task A_closed_engine_says_so()
    {
        await using var backend = await EmbeddedBackend.StartAsync(Working(() => Task.FromResult<object?>(1)).Orchestrator(
            "wait", async context => await context.WaitForExternalEvent<int>("never")));
        var client = backend.Client;
        await client.ScheduleNewOrchestrationInstanceAsync("wait", new StartOrchestrationOptions("x"));
        var waiting = client.WaitForInstanceCompletionAsync("x");

        await backend.CloseAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(Patience));
        Assert.Contains("closed", (await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetInstanceAsync("x"))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.ScheduleNewOrchestrationInstanceAsync("wait"));
    }

    [Fact]
    public async Task A_second_engine_is_kept_from_the_file()
    {
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks());

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => OpenAsync(backend.File));

        Assert.Contains($"{backend.File} is in use by another process", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_another_version_is_refused_by_name()
    {
        await using var backend = await EmbeddedBackend.StartAsync(new DurableTasks());
        await backend.CloseAsync();
        using (var connection = new SqliteConnection($"Data Source={backend.File};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => OpenAsync(backend.File));

        Assert.Contains($"{backend.File} has version 99", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_stops_the_engine_and_fails_the_caller()
    {
        var go = new TaskCompletionSource();
        await using var backend = await EmbeddedBackend.StartAsync(Working(async () =>
        {
            await go.Task;
            return 1;
        }));
        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("work");
        var waiting = backend.Client.WaitForInstanceCompletionAsync(id);
        using (var connection = new SqliteConnection($"Data Source={backend.File};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DROP TABLE Steps";
            command.ExecuteNonQuery();
        }

        go.SetResult();

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => waiting.WaitAsync(Patience));
        Assert.Contains("could not be written", e.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => backend.Client.ScheduleNewOrchestrationInstanceAsync("work"));
    }

    [Theory]
    [InlineData(0, 32, "extensions.durableTask.maxConcurrentActivityFunctions is 0")]
    [InlineData(32, 10_001, "extensions.durableTask.maxConcurrentOrchestratorFunctions is 10001")]
    public async Task A_setting_out_of_its_range_is_refused_by_name(int activities, int orchestrators, string message)
    {
        var settings = new DurableSettings { MaxConcurrentActivities = activities, MaxConcurrentOrchestrators = orchestrators };

        var e = await Assert.ThrowsAsync<ArgumentException>(() => EmbeddedBackend.StartAsync(new DurableTasks(), settings));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    private static Task<DurableEngine> OpenAsync(string file) => DurableEngine.OpenAsync(
        file,
        new DurableFunctions(new DurableTasks().Orchestrators, new Dictionary<string, Func<ActivityCall, Task<object?>>>()),
        new DurableSettings(),
        TimeProvider.System,
        NullLoggerFactory.Instance,
        CancellationToken.None);

    private static DurableTasks Working(Func<Task<object?>> activity) => new DurableTasks()
        .Orchestrator("work", async context => await context.CallActivityAsync<int>("work"))
        .Activity("work", _ => activity());
}

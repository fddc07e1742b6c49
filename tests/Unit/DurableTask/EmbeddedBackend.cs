using System.Text.Json;
using Atomic.LocalHost.DurableTask;
using Atomic.LocalHost.DurableTask.Storage;
using Atomic.Testing.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Atomic.Unit.DurableTask;

/// <summary>The embedded engine on a file of its own and a clock that a test moves.</summary>
internal sealed class EmbeddedBackend : IDurableBackend
{
    private readonly DurableTasks _tasks;
    private readonly DurableSettings _settings;
    private readonly ILoggerFactory _logs;
    private readonly string _folder = Directory.CreateTempSubdirectory("durable").FullName;
    private DurableEngine? _engine;

    private EmbeddedBackend(DurableTasks tasks, DurableSettings settings, ILoggerFactory? logs) =>
        (_tasks, _settings, _logs) = (tasks, settings, logs ?? NullLoggerFactory.Instance);

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 31, 12, 0, 0, TimeSpan.Zero));

    public DurableEngine Engine => _engine ?? throw new InvalidOperationException("The engine is not open.");

    public DurableTaskClient Client => Engine.Client;

    public string File => Path.Combine(_folder, "durable.db");

    public static async Task<EmbeddedBackend> StartAsync(
        DurableTasks tasks, DurableSettings? settings = null, CommitProbe? probe = null, ILoggerFactory? logs = null)
    {
        var backend = new EmbeddedBackend(tasks, settings ?? new DurableSettings(), logs);
        await backend.OpenAsync(probe);
        return backend;
    }

    public async Task OpenAsync(CommitProbe? probe = null)
    {
        var functions = new DurableFunctions(
            _tasks.Orchestrators,
            _tasks.Activities.ToDictionary(
                activity => activity.Key,
                activity => (Func<ActivityCall, Task<object?>>)(call =>
                    activity.Value(call.Input is null ? default : JsonSerializer.Deserialize<JsonElement>(call.Input)))));
        _engine = await DurableEngine.OpenAsync(File, functions, _settings, Time, _logs, probe, CancellationToken.None);
    }

    public Task AdvanceAsync(TimeSpan time)
    {
        Time.Advance(time);
        return Task.CompletedTask;
    }

    public async Task<bool> TryRestartAsync()
    {
        Kill();
        await OpenAsync();
        return true;
    }

    /// <summary>Ends the engine as a kill of its process would.</summary>
    public void Kill()
    {
        Engine.Kill();
        _engine = null;
    }

    public async Task CloseAsync()
    {
        await Engine.DisposeAsync();
        _engine = null;
    }

    /// <summary>Waits until only time, or someone outside, can move anything.</summary>
    public async Task IdleAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!Engine.IsIdle) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, limit.Token);
    }

    /// <summary>Moves the clock to the next timer.</summary>
    public async Task ToNextTimerAsync()
    {
        await IdleAsync();
        var next = Engine.NextTimer ?? throw new InvalidOperationException("No timer runs.");
        // The engine's alarm counts whole milliseconds: one that is due within a millisecond rings at its end.
        Time.SetUtcNow(next.Ticks % TimeSpan.TicksPerMillisecond == 0 ? next : next + TimeSpan.FromMilliseconds(1));
        await IdleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null) await CloseAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

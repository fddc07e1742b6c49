using System.Collections.Concurrent;
using System.Text.Json;
using Atomic.LocalHost.DurableTask.History;
using Atomic.Testing.DurableTask;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Unit.DurableTask;

/// <summary>
/// One of everything, stopped before and after each of its transactions in turn, and opened again: it always ends the same, no decision
/// is made twice, no activity is left out, and nothing is lost that the client was told is done.
/// </summary>
public sealed class Killed_at_every_commit
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _ran = new();
    private readonly HashSet<string> _done = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Everything_goes_on(bool before)
    {
        var transaction = 0;
        for (var stopped = true; stopped; transaction++)
        {
            _ran.Clear();
            _done.Clear();
            var probe = new StopAt(transaction + 1, before);
            await using var backend = await EmbeddedBackend.StartAsync(Tasks(), probe: probe);
            var ended = await DriveAsync(backend, () => probe.Stopped);
            probe.Disarm();
            stopped = !ended || probe.Stopped;
            if (stopped)
            {
                backend.Kill();
                await backend.OpenAsync();
                Assert.True(await DriveAsync(backend, () => false));
            }

            await EndedWellAsync(backend);
        }

        Assert.InRange(transaction, 12, 200);
    }

    private DurableTasks Tasks() => new DurableTasks()
        .Orchestrator("journey", async context =>
        {
            await context.CallActivityAsync("note", "first");
            context.SendEvent("listener", "heard", 1);
            var both = await Task.WhenAll(context.CallActivityAsync<int>("note", "left"), context.CallActivityAsync<int>("note", "right"));
            await context.CreateTimer(TimeSpan.FromSeconds(5), CancellationToken.None);
            context.SetCustomStatus("asking");
            var answer = await context.WaitForExternalEvent<int>("answer");
            var child = await context.CallSubOrchestratorAsync<int>("child", answer);
            await context.CallActivityAsync("note", "last");
            return both.Sum() + child;
        })
        .Orchestrator("child", async context =>
        {
            await context.CallActivityAsync("note", "child");
            if (context.GetInput<int>() < 100) context.ContinueAsNew(context.GetInput<int>() * 10);
            return context.GetInput<int>();
        })
        .Orchestrator("listener", async context =>
        {
            var heard = new List<int>();
            while (heard.LastOrDefault() != 99)
            {
                heard.Add(await context.WaitForExternalEvent<int>("heard"));
                context.SetCustomStatus(heard);
            }

            return heard;
        })
        .Activity("note", input =>
        {
            _ran.Enqueue(input.GetString()!);
            return input.GetString()!.Length;
        });

    /// <returns>False when it was stopped.</returns>
    private async Task<bool> DriveAsync(EmbeddedBackend backend, Func<bool> isStopped)
    {
        try
        {
            foreach (var name in new[] { "listener", "journey" }) await OnceAsync(name, () => EnsureAsync(backend.Client, name));
            using var limit = new CancellationTokenSource(Patience);
            for (; !isStopped(); backend.Time.Advance(TimeSpan.FromSeconds(1)))
            {
                var journey = await backend.Client.GetInstanceAsync("journey", getInputsAndOutputs: true, limit.Token);
                if (journey!.IsCompleted) return true;
                if (journey.SerializedCustomStatus is not null)
                    await OnceAsync("answer", () => backend.Client.RaiseEventAsync("journey", "answer", 7, limit.Token));

                await Task.Delay(Glance, TimeProvider.System, limit.Token);
            }

            return false;
        }
        catch (InvalidOperationException) when (isStopped())
        {
            return false;
        }
    }

    // What the client was told is done is not done again, not even after a stop.
    private async Task OnceAsync(string what, Func<Task> act)
    {
        if (_done.Contains(what)) return;
        await act();
        _done.Add(what);
    }

    private static async Task EnsureAsync(DurableTaskClient client, string name)
    {
        if (await client.GetInstanceAsync(name) is null)
            await client.ScheduleNewOrchestrationInstanceAsync(name, new StartOrchestrationOptions(name));
    }

    private async Task EndedWellAsync(EmbeddedBackend backend)
    {
        var journey = await backend.Client.GetInstanceAsync("journey", getInputsAndOutputs: true);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, journey!.RuntimeStatus);
        Assert.Equal("left".Length + "right".Length + 700, journey.ReadOutputAs<int>());
        await backend.Client.RaiseEventAsync("listener", "heard", 99);
        var listener = await backend.Client.WaitForInstanceCompletionAsync("listener", getInputsAndOutputs: true).WaitAsync(Patience);
        Assert.Equal([1, 99], listener.ReadOutputAs<int[]>()!);
        Assert.Equal(["child", "first", "last", "left", "right"], _ran.Distinct().Order());

        await backend.CloseAsync();
        foreach (var (instance, calls) in Decisions(backend.File))
            Assert.True(Enumerable.Range(0, calls.Count).SequenceEqual(calls), $"{instance} decided {string.Join(", ", calls)}.");
        await backend.OpenAsync();
    }

    private static List<(string Instance, List<int> Calls)> Decisions(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT i.Id, s.Step FROM Instances i JOIN Steps s ON s.Key = i.Key ORDER BY i.Key, s.Position";
        using var rows = command.ExecuteReader();
        var steps = new List<(string Instance, Step Step)>();
        while (rows.Read()) steps.Add((rows.GetString(0), JsonSerializer.Deserialize(rows.GetString(1), HistoryJson.Default.Step)!));
        return [.. steps.GroupBy(step => step.Instance).Select(group =>
            (group.Key, group.SelectMany(step => step.Step.Decisions).Select(decision => decision.Id).ToList()))];
    }
}

using System.Diagnostics;
using Atomic.LocalHost.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atomic.Benchmarks.DurableTask;

/// <summary>How many orchestrations of four activities that do nothing the embedded engine runs a second, and how long one takes from start to end.</summary>
internal static class OrchestrationRates
{
    private const int Activities = 4;

    public static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("atomic-");
        try
        {
            await using var engine = await DurableEngine.OpenAsync(
                Path.Combine(folder.FullName, "durable-task.db"), Chain(), new DurableSettings(), TimeProvider.System, NullLoggerFactory.Instance, default);
            await MeasureAsync(engine.Client, 200, 1);
            foreach (var (times, inFlight) in new[] { (2_000, 1), (10_000, 200), (10_000, 1_000), (2_000, 1), (10_000, 200), (10_000, 1_000) })
                Console.WriteLine(await MeasureAsync(engine.Client, times, inFlight));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> MeasureAsync(DurableTaskClient client, int times, int inFlight)
    {
        var latencies = new List<double>();
        var rate = await Rates.OfAsync(times, inFlight, async () =>
        {
            var started = Stopwatch.GetTimestamp();
            var id = await client.ScheduleNewOrchestrationInstanceAsync("chain", 1);
            var ended = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
            if (ended.ReadOutputAs<int>() != 1 + Activities) throw new InvalidOperationException($"{ended} has the wrong result.");
            lock (latencies) latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        });
        latencies.Sort();
        return $"{inFlight} in flight: {rate:N0} orchestrations/s, {rate * Activities:N0} activities/s, "
            + $"p50 {latencies[latencies.Count / 2]:N2} ms, p99 {latencies[latencies.Count * 99 / 100]:N2} ms";
    }

    private static DurableFunctions Chain() => new(
        new Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>>
        {
            ["chain"] = async context =>
            {
                var sum = context.GetInput<int>();
                for (var i = 0; i < Activities; i++)
                {
                    sum = await context.CallActivityAsync<int>("add", sum);
                    context.SetCustomStatus(new { Step = i, Note = new string('x', 300) });
                }

                return sum;
            },
        },
        new Dictionary<string, Func<ActivityCall, Task<object?>>>
        {
            ["add"] = call => Task.FromResult<object?>(int.Parse(call.Input!, System.Globalization.CultureInfo.InvariantCulture) + 1),
        });
}

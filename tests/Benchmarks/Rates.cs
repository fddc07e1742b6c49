using System.Diagnostics;

namespace Atomic.Benchmarks;

internal static class Rates
{
    /// <summary>Does something a number of times, with so many at work at once, and says how often a second.</summary>
    public static async Task<double> OfAsync(int times, int workers, Func<Task> workAsync)
    {
        var left = times;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0) await workAsync();
        })));
        return times / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}

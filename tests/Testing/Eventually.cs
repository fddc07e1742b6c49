using Xunit;

namespace Atomic.Testing;

/// <summary>Waits for what must come, however slow the machine; what has not come after two minutes does not come.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);

    // TimeProvider.System: what is waited for happens in real time, on other threads or in other processes.
    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Limit, $"{what}: not within {Limit.TotalSeconds} s.");
            await Task.Delay(BetweenLooks, TimeProvider.System);
        }
    }
}

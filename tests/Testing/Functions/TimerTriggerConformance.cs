using Xunit;

namespace Atomic.Testing.Functions;

/// <summary>What holds for timer triggers on every Functions host.</summary>
public abstract class TimerTriggerConformance(IFunctionsUnderTest functions)
{
    [Fact]
    public async Task A_timer_of_seconds_runs_again_and_again() =>
        Assert.All(await functions.JournalUntilAsync("EverySecond", entries: 2), entry => Assert.Equal("in time", entry));

    [Fact]
    public async Task A_timer_that_runs_on_startup_runs_and_knows_its_next_run() =>
        Assert.Equal("AtTheStart, next 12-31", (await functions.JournalUntilAsync("AtTheStart", entries: 1))[0]);
}

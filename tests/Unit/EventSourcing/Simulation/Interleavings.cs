using System.Collections.Concurrent;
using Xunit;

namespace Atomic.Unit.EventSourcing.Simulation;

public sealed class Interleavings
{
    private const int Runs = 10_000;

    [Fact]
    public async Task Of_live_events_duplicates_reordering_kills_and_rebuilds_all_end_in_the_rows_of_a_fresh_fold()
    {
        var (reads, kills, wrong) = (0, 0, new ConcurrentBag<string>());
        await Parallel.ForAsync(0, Runs, async (seed, _) =>
        {
            var life = new Interleaving(seed);
            life.Run();
            foreach (var difference in await life.DifferencesAsync()) wrong.Add($"seed {seed}: {difference}");
            if (life.StaleReads > 0) wrong.Add($"seed {seed}: {life.StaleReads} reads were older than their tokens");
            Interlocked.Add(ref reads, life.TokenReads);
            Interlocked.Add(ref kills, life.Kills);
        });

        Assert.True(wrong.IsEmpty, string.Join(Environment.NewLine, wrong.Take(20)));
        Assert.True(reads >= 8 * Runs && kills > Runs / 4, $"{reads} token reads, {kills} kills: the runs did not try what they were made for");
    }

    [Fact]
    public void Of_one_seed_are_the_same()
    {
        var (first, second) = (new Interleaving(1), new Interleaving(1));
        first.Run();
        second.Run();

        Assert.Equal((first.TokenReads, first.Kills), (second.TokenReads, second.Kills));
    }
}

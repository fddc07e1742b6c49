using System.Globalization;
using Atomic.Verification;

namespace Atomic.Benchmarks.Verification;

/// <summary>
/// How long <c>verify</c> takes for each shipped definition: every single fault in all three couplings. The first round is mostly the code being
/// compiled, as in a command that verifies one definition and ends; the others are what a test suite pays for each.
/// </summary>
internal static class VerifyingDefinitions
{
    private const int Rounds = 3;

    public static async Task RunAsync()
    {
        for (var round = 1; round <= Rounds; round++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Round {round} of {Rounds}"));
            foreach (var scenario in ShippedScenarios.All)
            {
                var before = Environment.CpuUsage.TotalTime;
                var verdict = await Verify.FindAsync(scenario);
                var used = Environment.CpuUsage.TotalTime - before;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {scenario.Name,-36}{verdict.Runs,6} runs {verdict.Violations.Count,3} violations {verdict.Took.TotalSeconds,7:0.00} s, {used.TotalSeconds,6:0.00} s of processor time"));
            }
        }
    }
}

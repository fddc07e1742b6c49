using System.Globalization;
using Atomic.Functions.Definitions;
using Atomic.LocalHost.Azurite;
using Atomic.LocalHost.Runtime;
using Atomic.Transactions;
using Atomic.Verification;

namespace Atomic.LocalHost.CommandLine;

/// <summary>One run of the subcommand <c>verify</c>: a table a scenario, and whatever is wrong.</summary>
/// <param name="basis">How it is verified but for what the arguments say.</param>
internal sealed class VerifyRun(VerifyArguments arguments, TextWriter output, TextWriter errors, TimeProvider time, VerificationOptions? basis = null)
{
    /// <returns>The exit code: 0 when nothing is wrong, 1 when something is, or when there is no such fault.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var violations = 0;
        try
        {
            foreach (var scenarios in ShippedScenarios.All.GroupBy(one => one.Type.Definition).Where(one => arguments.Definition is null || one.Key.Name == arguments.Definition))
            {
                var verdict = await FindAsync(scenarios, cancellation);
                violations += verdict.Violations;
                if (arguments.IsWhole) await KeepAsync(scenarios.Key, verdict, cancellation);
            }
        }
        catch (ArgumentException e)
        {
            await errors.WriteLineAsync(e.Message);
            return 1;
        }

        await output.WriteLineAsync(violations == 0 ? "Nothing is wrong." : string.Create(CultureInfo.InvariantCulture, $"{violations} violations."));
        return violations == 0 ? 0 : 1;
    }

    /// <summary>For the host that shows it; where there is no place for it, all that is lost is that.</summary>
    private async Task KeepAsync(Definition definition, LastVerdict verdict, CancellationToken cancellation)
    {
        try
        {
            var data = arguments.Data ?? AppFolder.Find(null, [AppContext.BaseDirectory, Environment.CurrentDirectory]).Data;
            await new VerdictFolder(Path.GetFullPath(data)).KeepAsync(definition, verdict, cancellation);
        }
        catch (Exception e) when (e is StartupException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"The verdict on {definition.Name} is not kept for GET /api/definitions, name a folder with --data: {e.Message}");
        }
    }

    /// <summary>The verdict on a definition: of all its scenarios together.</summary>
    private async Task<LastVerdict> FindAsync(IEnumerable<Scenario> scenarios, CancellationToken cancellation)
    {
        var (runs, violations) = (0, new List<Violation>());
        foreach (var scenario in scenarios)
        {
            var verdict = await FindAsync(scenario, cancellation);
            await output.WriteLineAsync(verdict.ToString());
            runs += verdict.Runs;
            violations.AddRange(verdict.Violations);
        }

        return new LastVerdict(time.GetUtcNow(), runs, violations.Count, violations.FirstOrDefault()?.Sequence);
    }

    private Task<Verdict> FindAsync(Scenario scenario, CancellationToken cancellation)
    {
        var (made, all) = (0, 0);
        var options = (basis ?? new VerificationOptions()) with
        {
            Seed = arguments.Seed,
            Fault = arguments.Fault,
            Time = time,
            Progress = (now, of) => (made, all) = (now, of),
        };
        if (arguments.Coupling is { } coupling) options = options with { Couplings = [coupling] };
        return Progress.TellAsync(
            Verify.FindAsync(scenario, options, cancellation), () => string.Create(CultureInfo.InvariantCulture, $"{scenario.Name}: {made} of {all} runs"),
            errors.WriteLine, time);
    }
}

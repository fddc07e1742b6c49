using System.CommandLine;
using Atomic.Functions.Orchestration;
using Atomic.Verification;

namespace Atomic.LocalHost.CommandLine;

/// <summary>What is to be verified.</summary>
/// <param name="Definition">By its name; null for every shipped one.</param>
/// <param name="Coupling">Null for all three.</param>
/// <param name="Data">Where the verdict is kept; null for the place that a host would take.</param>
internal sealed record VerifyArguments(string? Definition, string? Coupling, int? Seed, string? Fault, string? Data)
{
    /// <summary>Whether everything is tried that can go wrong once, in the order that is the same for all: only then is it a verdict on the definition.</summary>
    public bool IsWhole => Coupling is null && Fault is null && Seed is null;
}

/// <summary>The subcommand <c>verify</c>.</summary>
internal static class VerifyCommand
{
    private const string Description =
        "Runs definitions in memory with everything that can go wrong once, and says whether all effects stand or none. Needs nothing else, and changes "
        + "nothing but the verdict that GET /api/definitions shows.";

    /// <param name="run">Carries the arguments out, and gives the exit code: 1 when something is wrong.</param>
    public static Command Create(Func<VerifyArguments, CancellationToken, Task<int>> run)
    {
        var definition = new Argument<string?>("definition")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The definition. Default: every one that is shipped.",
        };
        definition.AcceptOnlyFromAmong([.. ShippedScenarios.All.Select(scenario => scenario.Type.Definition.Name).Distinct()]);
        var coupling = new Option<string?>("--coupling") { Description = "How its steps are coupled. Default: in all three ways, which must end alike." };
        coupling.AcceptOnlyFromAmong([.. Coupling.All]);
        var seed = new Option<int?>("--seed")
        {
            HelpName = "NUMBER",
            Description = "Lets things happen in an order by chance, the same for the same number. Default: in the order in which they become possible.",
        };
        var fault = new Option<string?>("--fault") { HelpName = "NAME", Description = "Only the fault of this name, as a violation gives it. Default: every single one." };
        var data = new Option<string?>("--data")
        {
            HelpName = "DIR",
            Description = "The data folder of the host that shows the verdict, if everything was tried. Default: .data beside host.json.",
        };
        var command = new Command("verify", Description) { definition, coupling, seed, fault, data };
        command.SetAction((parsed, cancellation) => run(
            new VerifyArguments(parsed.GetValue(definition), parsed.GetValue(coupling), parsed.GetValue(seed), parsed.GetValue(fault), parsed.GetValue(data)),
            cancellation));
        return command;
    }
}

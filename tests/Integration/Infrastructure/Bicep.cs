using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;
using Atomic.Integration.Builds;
using Atomic.Testing;

namespace Atomic.Integration.Infrastructure;

/// <summary>The Bicep CLI. Each answer about infra/ is asked for once, since a run takes seconds.</summary>
internal static class Bicep
{
    private const string Subscription = "00000000-0000-0000-0000-000000000001";

    private static readonly string Path = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "BicepPath").Value + (OperatingSystem.IsWindows() ? ".exe" : "");

    private static readonly Lazy<Task<IReadOnlyList<Finding>>> Linted = new(() => LintAsync(Repository.PathOf("infra")));

    private static readonly Lazy<Task<JsonObject>> Built = new(BuildAsync);

    /// <summary>Templates and parameter files, by their paths below infra/.</summary>
    public static IReadOnlyList<string> Files =>
        [.. Repository.Files("infra", "*.bicep").Concat(Repository.Files("infra", "*.bicepparam")).Select(path => path["infra/".Length..])];

    /// <summary>What the linter says of infra/.</summary>
    public static Task<IReadOnlyList<Finding>> LintedAsync() => Linted.Value;

    /// <summary>main.bicep with all that it wires, as what Azure is given.</summary>
    public static Task<JsonObject> BuiltAsync() => Built.Value;

    /// <summary>Lints every file of a folder. The exit code says nothing of type errors, so the findings themselves are read.</summary>
    public static async Task<IReadOnlyList<Finding>> LintAsync(string folder) =>
        Finding.Read((await RunAsync(folder, "lint", "--pattern", "**/*.bicep*", "--diagnostics-format", "sarif")).Output);

    /// <summary>What differs between a kept snapshot and what its parameters create now; nothing when they are the same.</summary>
    public static async Task<string> DifferencesAsync(string folder, string snapshot)
    {
        var run = await RunAsync(folder, "snapshot", $"snapshots/{snapshot}.bicepparam", "--mode", "validate", "--subscription-id", Subscription, "--location", "westeurope");
        return run.ExitCode == 0 ? "" : run.Output + run.Errors;
    }

    /// <summary>Writes every file of a folder as the formatter has it.</summary>
    public static async Task FormatAsync(string folder) => _ = (await RunAsync(folder, "format", "--pattern", "**/*.bicep*")).Succeeded;

    private static async Task<JsonObject> BuildAsync() =>
        JsonNode.Parse((await RunAsync(Repository.PathOf("infra"), "build", "main.bicep", "--stdout")).Succeeded)!.AsObject();

    private static Task<Command.Outcome> RunAsync(string folder, params string[] arguments) =>
        Command.RunAsync(new ProcessStartInfo(Path, arguments) { WorkingDirectory = folder });
}

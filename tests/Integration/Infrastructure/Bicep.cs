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

    private static readonly Lazy<BicepServer> Server = new(() => new BicepServer(() => BicepConversation.With(Path)));

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
    public static async Task<IReadOnlyList<string>> DifferencesAsync(string folder, string snapshot)
    {
        var file = System.IO.Path.Combine(folder, "snapshots", snapshot);
        var now = await Server.Value.AskAsync("bicep/getSnapshot", new { path = $"{file}.bicepparam", metadata = new { subscriptionId = Subscription, location = "westeurope" } });
        return [.. Differences(snapshot, JsonNode.Parse(await File.ReadAllTextAsync($"{file}.snapshot.json")), JsonNode.Parse((string)now["snapshot"]!))];
    }

    /// <summary>A file of infra/ as the formatter has it.</summary>
    public static async Task<string> FormattedAsync(string file) =>
        (string)(await Server.Value.AskAsync("bicep/format", new { path = Repository.PathOf($"infra/{file}") }))["contents"]!;

    private static async Task<JsonObject> BuildAsync()
    {
        var built = await Server.Value.AskAsync("bicep/compile", new { path = Repository.PathOf("infra/main.bicep") });
        return (bool)built["success"]! ? JsonNode.Parse((string)built["contents"]!)!.AsObject() : throw new InvalidOperationException(built.ToJsonString());
    }

    private static IEnumerable<string> Differences(string at, JsonNode? kept, JsonNode? now) => (kept, now) switch
    {
        (JsonObject before, JsonObject after) => before.Select(each => each.Key).Union(after.Select(each => each.Key))
            .SelectMany(name => Differences($"{at}.{name}", before[name], after[name])),
        (JsonArray before, JsonArray after) when before.Count == after.Count => before.SelectMany((each, i) => Differences($"{at}[{i}]", each, after[i])),
        _ => JsonNode.DeepEquals(kept, now) ? [] : [$"{at} is kept as {kept?.ToJsonString() ?? "nothing"} and is {now?.ToJsonString() ?? "nothing"}"],
    };

    private static Task<Command.Outcome> RunAsync(string folder, params string[] arguments) =>
        Command.RunAsync(new ProcessStartInfo(Path, arguments) { WorkingDirectory = folder });
}

using System.Text.RegularExpressions;
using Atomic.Testing;
using YamlDotNet.RepresentationModel;

namespace Atomic.Integration.Delivery;

/// <summary>What must hold for a workflow, each as a function from its text to what is wrong with it.</summary>
internal static partial class WorkflowRules
{
    public static IEnumerable<string> OfPins(string workflow) =>
        from Match use in Uses().Matches(workflow)
        where !Pinned().IsMatch(use.Value)
        select $"{use.Value.Trim()} is not pinned to a commit, with its version beside it";

    public static IEnumerable<string> OfSecrets(string workflow) =>
        from Match secret in Secrets().Matches(workflow)
        select $"{secret.Value} is a secret";

    // A text that whoever opens a pull request writes would be run as a script.
    public static IEnumerable<string> OfScripts(string workflow) =>
        from step in Jobs(workflow).SelectMany(job => Steps(job.Body))
        let script = Text(step, "run") ?? ""
        from Match foreign in Foreign().Matches(script)
        select $"{foreign.Value} is put into a script";

    public static IEnumerable<string> OfPermissions(string workflow)
    {
        if (Permissions(Root(workflow)) is not ["contents: read"]) yield return "The workflow may do more than read";
        foreach (var job in Jobs(workflow))
        {
            var beyond = Permissions(job.Body).Except(["contents: read"]).ToList();
            if (job.Name == "deploy" ? beyond is not ["id-token: write"] : beyond.Count > 0) yield return $"{job.Name} may {string.Join(", ", beyond)}";
        }
    }

    public static IEnumerable<string> OfJobs(string workflow) =>
        from job in Jobs(workflow)
        from missing in new[] { Text(job.Body, "timeout-minutes") is null ? "ends by itself" : null, Text(job.Body, "runs-on") == "ubuntu-latest" ? "says what it runs on" : null }
        where missing is not null
        select $"{job.Name}: nothing {missing}";

    public static IEnumerable<string> OfShells(string workflow) =>
        Text(Root(workflow), "defaults", "run", "shell") == "bash" ? [] : ["A script that fails before a pipe passes"];

    public static IEnumerable<string> OfCheckouts(string workflow) =>
        from job in Jobs(workflow)
        from step in Steps(job.Body)
        where Text(step, "uses")?.StartsWith("actions/checkout@", StringComparison.Ordinal) == true && Text(step, "with", "persist-credentials") != "false"
        select $"{job.Name} leaves its token behind";

    public static IEnumerable<string> OfTriggers(string workflow) =>
        Root(workflow).Children[new YamlScalarNode("on")] is YamlMappingNode on && !on.Children.ContainsKey(new YamlScalarNode("pull_request_target"))
            ? [] : ["Code of strangers is run with this repository's rights"];

    public static IEnumerable<string> OfTests(string workflow)
    {
        foreach (var name in new[] { "embedded", "nuget" })
        {
            var job = Jobs(workflow).SingleOrDefault(each => each.Name == name).Body;
            if (job is null || !Steps(job).Any(step => Text(step, "run") is { } run && (run.Contains(".ci/run", StringComparison.Ordinal) || run.Contains("dotnet test", StringComparison.Ordinal))))
                yield return $"The packages '{name}' are not tested";
            else if (!Steps(job).Any(step => Text(step, "uses")?.StartsWith("actions/upload-artifact@", StringComparison.Ordinal) == true && Text(step, "if") == "always()"))
                yield return $"The results of '{name}' are not kept when it fails";
        }
    }

    public static IEnumerable<string> OfDeployment(string workflow)
    {
        var deploy = Jobs(workflow).SingleOrDefault(each => each.Name == "deploy").Body;
        if (deploy is null) return ["Nothing is deployed"];
        var needs = ((YamlSequenceNode)deploy.Children[new YamlScalarNode("needs")]).Select(each => $"{each}").ToList();
        var scripts = string.Join('\n', Steps(deploy).Select(step => Text(step, "run")));
        var forgotten = Parameters.Where(name => Text(deploy, "env", name) != $"${{{{ vars.{name} }}}}").Select(name => $"{name} is set back to its default");
        return forgotten.Concat(new[]
        {
            Text(deploy, "if") == "startsWith(github.ref, 'refs/tags/v')" ? null : "It is deployed without a tag",
            needs.Order().SequenceEqual(["embedded", "nuget"]) ? null : "It is deployed untested",
            Text(deploy, "environment") is null ? "It is deployed without an environment that can hold it back" : null,
            scripts.Contains("infra/main.bicepparam", StringComparison.Ordinal) ? null : "The infrastructure is not deployed",
            scripts.Contains("bicep.use_binary_from_path=false", StringComparison.Ordinal) && Regex.IsMatch(scripts, $@"az bicep install --version v{Regex.Escape(BicepVersion)}\s")
                ? null : "The infrastructure is deployed by another version of Bicep than it is checked by",
            scripts.Contains("/api/health", StringComparison.Ordinal) ? null : "Nobody asks whether it answers",
        }.OfType<string>());
    }

    /// <summary>What the infrastructure is told by the environment.</summary>
    public static IReadOnlyList<string> Parameters => [.. Read().Matches(Repository.Read("infra/main.bicepparam")).Select(match => match.Groups[1].Value).Distinct()];

    private static string BicepVersion => Bicep().Match(Repository.Read("src/Directory.Packages.props")).Groups[1].Value;

    /// <summary>What one step of a job runs.</summary>
    public static string Script(string workflow, string job, string step) =>
        Text(Steps(Jobs(workflow).Single(each => each.Name == job).Body).Single(each => Text(each, "name") == step), "run")!;

    private static YamlMappingNode Root(string workflow)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(workflow));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private static IEnumerable<(string Name, YamlMappingNode Body)> Jobs(string workflow) =>
        ((YamlMappingNode)Root(workflow).Children[new YamlScalarNode("jobs")]).Select(job => ($"{job.Key}", (YamlMappingNode)job.Value));

    private static IEnumerable<YamlMappingNode> Steps(YamlMappingNode job) => ((YamlSequenceNode)job.Children[new YamlScalarNode("steps")]).Cast<YamlMappingNode>();

    private static IReadOnlyList<string> Permissions(YamlMappingNode node) => node.Children.TryGetValue(new YamlScalarNode("permissions"), out var permissions)
        ? permissions is YamlMappingNode each ? [.. each.Select(permission => $"{permission.Key}: {permission.Value}")] : [$"{permissions}"]
        : [];

    private static string? Text(YamlMappingNode node, params string[] path)
    {
        YamlNode? at = node;
        foreach (var name in path) at = at is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var next) ? next : null;
        return (at as YamlScalarNode)?.Value;
    }

    [GeneratedRegex(@"^\s*-?\s*uses:.*$", RegexOptions.Multiline)]
    private static partial Regex Uses();

    [GeneratedRegex(@"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+\s*$")]
    private static partial Regex Pinned();

    [GeneratedRegex("<BicepVersion>([0-9.]+)</BicepVersion>")]
    private static partial Regex Bicep();

    [GeneratedRegex("readEnvironmentVariable\\('([A-Z_]+)'")]
    private static partial Regex Read();

    [GeneratedRegex(@"secrets\s*(\.\w|\[|: inherit)\S*")]
    private static partial Regex Secrets();

    [GeneratedRegex(@"\$\{\{\s*(github\.(event|head_ref|ref_name|actor)|inputs)\b[^}]*\}\}")]
    private static partial Regex Foreign();
}

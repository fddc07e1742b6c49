using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Atomic.Testing;
using Xunit;

namespace Atomic.Integration.Infrastructure;

/// <summary>How a team gets it into a subscription of theirs, and what they decide before.</summary>
public sealed partial class Deploying
{
    private static readonly string Parameters = Repository.Read("infra/main.bicepparam");

    private static string Guide => Section().Match(Repository.Read("README.md")).Groups["text"].Value;

    [Fact]
    public async Task Takes_rights_on_a_subscription_or_on_one_group_alone()
    {
        var whole = await Bicep.BuiltAsync();
        var group = whole["resources"]!["resources"]!["properties"]!["template"]!;

        Assert.EndsWith("/subscriptionDeploymentTemplate.json#", whole["$schema"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.EndsWith("/deploymentTemplate.json#", group["$schema"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(ScopesOf(group));
        Assert.NotEmpty(ScopesOf(whole));
    }

    [Fact]
    public async Task Refuses_a_list_of_queues_and_topics_of_another_shape()
    {
        using var copy = new FolderCopy(Repository.PathOf("infra"));
        copy.Replace("service-bus.json", "\"maxDeliveryCount\": 10, ", "");

        var refused = await Assert.ThrowsAsync<BicepRefusedException>(() => Bicep.DifferencesAsync(copy.Path, Snapshot.Names[0]));
        Assert.Contains("the property 'maxDeliveryCount' must be provided", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_on_Azure_Storage_without_a_network_and_within_a_budget_unless_it_is_said_otherwise()
    {
        Assert.Contains("readEnvironmentVariable('DURABLE_BACKEND', 'AzureStorage')", Parameters, StringComparison.Ordinal);
        Assert.Contains("readEnvironmentVariable('PRIVATE_NETWORK', 'false')", Parameters, StringComparison.Ordinal);
        Assert.Contains("readEnvironmentVariable('TARGET_BASED_SCALING', 'false')", Parameters, StringComparison.Ordinal);
        Assert.Matches(@"readEnvironmentVariable\('MONTHLY_COST', '\d+'\)", Parameters);
        Assert.Matches(@"readEnvironmentVariable\('MAXIMUM_INSTANCES', '\d+'\)", Parameters);
    }

    [Fact]
    public void Lists_what_can_be_set_and_what_it_is_otherwise()
    {
        var page = Repository.Read("src/docs/operations/deployment.md");

        Assert.NotEmpty(Variables().Matches(Parameters));
        Assert.All(Variables().Matches(Parameters), variable => Assert.Contains(
            $"| `{variable.Groups["name"].Value}` | {(variable.Groups["value"].Value is { Length: > 0 } value ? $"`{value}`" : "none")} |", page, StringComparison.Ordinal));
    }

    // Half of a command fails at the end of a long deployment.
    [Fact]
    public void With_rights_on_one_group_alone_takes_one_command_with_every_parameter_that_has_no_default()
    {
        var command = Whole().Match(Repository.Read("src/docs/operations/deployment.md")).Value;
        var needed = NoDefault().Matches(Repository.Read("infra/resources.bicep")).Select(match => match.Groups["name"].Value).ToList();

        Assert.Contains("--template-file infra/resources.bicep", command, StringComparison.Ordinal);
        Assert.NotEmpty(needed);
        Assert.All(needed, name => Assert.Contains($" {name}=", command, StringComparison.Ordinal));
        Assert.All(Given().Matches(command), given => Assert.Contains($"\nparam {given.Groups["name"].Value} ", Repository.Read("infra/resources.bicep"), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("durableBackend", "recommended in production")]
    [InlineData("targetBasedScaling", "Data Owner")]
    [InlineData("privateNetwork", "Premium")]
    [InlineData("schedulerCapacity", "high availability takes three")]
    [InlineData("schedulerCapacity", "histories for 30 days at most and not 90")]
    public async Task Says_what_a_choice_brings_with_it(string parameter, string what) =>
        Assert.Contains(what, (await Bicep.BuiltAsync())["parameters"]![parameter]!["metadata"]!["description"]!.GetValue<string>(), StringComparison.Ordinal);

    [Fact]
    public void Is_checked_by_one_version_of_Bicep()
    {
        Assert.Contains("<BicepVersion>0.49.2</BicepVersion>", Repository.Read("src/Directory.Packages.props"), StringComparison.Ordinal);
        Assert.Contains("<PackageDownload Include=\"$(BicepPackage)\" Version=\"[$(BicepVersion)]\" />", Repository.Read("tests/Integration/Integration.csproj"), StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_three_commands()
    {
        var commands = Commands().Match(Guide).Groups["commands"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(3, commands.Length);
        Assert.All(commands, command => Assert.StartsWith("azd ", command, StringComparison.Ordinal));
        Assert.Equal("azd up", commands[^1]);
        Assert.NotEmpty(Names().Matches(Guide));
        Assert.All(Names().Matches(Guide), name => Assert.Contains($"'{name.Value}'", Parameters, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("creates")]
    [InlineData("idle")]
    [InlineData("million")]
    [InlineData("DURABLE_BACKEND DurableTaskScheduler")]
    [InlineData("In production it is recommended")]
    [InlineData("billed by itself and not in every region")]
    [InlineData("2,000 actions a second a unit; without, 500, and histories of 30 days")]
    [InlineData("an instance kept ready")]
    [InlineData("azd down")]
    public void Is_described_with_what_it_creates_costs_and_how_it_ends(string part) =>
        Assert.Contains(part, Guide.ReplaceLineEndings(" "), StringComparison.Ordinal);

    /// <summary>Where nested deployments go that leave the scope they are in.</summary>
    private static IEnumerable<string> ScopesOf(JsonNode template) => (template["resources"] switch
    {
        JsonObject named => named.Select(each => each.Value!),
        JsonArray list => list.Select(each => each!),
        _ => [],
    }).Where(resource => resource["type"]?.GetValue<string>() == "Microsoft.Resources/deployments")
        .SelectMany(resource => new[] { resource["resourceGroup"], resource["subscriptionId"], resource["scope"] }.OfType<JsonNode>().Select(node => node.ToJsonString())
            .Concat(ScopesOf(resource["properties"]!["template"]!)));

    [GeneratedRegex("\n## Deploy\n(?<text>.*?)\n## ", RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex("```bash\n(?<commands>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Commands();

    [GeneratedRegex(@"readEnvironmentVariable\('(?<name>[A-Z_]+)', '(?<value>[^']*)'\)")]
    private static partial Regex Variables();

    [GeneratedRegex(@"az deployment group create .*?(?=\n\(cd )", RegexOptions.Singleline)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^param (?<name>\w+) [^=?\n]+$", RegexOptions.Multiline)]
    private static partial Regex NoDefault();

    [GeneratedRegex(@"\s(?<name>[a-z]\w+)=")]
    private static partial Regex Given();

    [GeneratedRegex("[A-Z]{3,}(?:_[A-Z]+)+")]
    private static partial Regex Names();
}

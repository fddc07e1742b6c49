using System.Text.Json.Nodes;
using Atomic.Testing;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Atomic.Integration.Infrastructure;

/// <summary>infra/ as Bicep sees it.</summary>
public sealed class Templates
{
    private const int LongestModule = 120;

    public static TheoryData<string> Snapshots => new(Snapshot.Names);

    public static TheoryData<string> Modules => new(Repository.Files("infra/modules", "*.bicep"));

    [Fact]
    public async Task Give_the_linter_nothing_to_say()
    {
        var findings = await Bicep.LintedAsync();

        Assert.Equal(Bicep.Files.Count, findings.Count(finding => finding.Rule is null));
        Assert.DoesNotContain(findings, finding => finding.Rule is not null);
    }

    [Fact]
    public async Task Describe_every_parameter_and_output() => Assert.Empty(TemplateRules.Undescribed(await Bicep.BuiltAsync()));

    [Fact]
    public async Task Say_what_every_object_holds() => Assert.Empty(TemplateRules.Untyped(await Bicep.BuiltAsync()));

    [Fact]
    public async Task Take_no_secret() => Assert.Empty(TemplateRules.Secrets(await Bicep.BuiltAsync()));

    [Fact]
    public async Task Assign_every_role_before_the_app_starts() =>
        Assert.Superset(
            new HashSet<string> { "identity", "telemetry", "hostStorage", "eventStore", "exportStorage", "serviceBus", "taskScheduler", "links" },
            TemplateRules.Before(await Bicep.BuiltAsync(), "app").ToHashSet());

    [Theory]
    [MemberData(nameof(Snapshots))]
    public async Task Create_what_the_snapshots_hold(string snapshot) => Assert.Empty(await Bicep.DifferencesAsync(Repository.PathOf("infra"), snapshot));

    [Theory]
    [MemberData(nameof(Snapshots))]
    public void Can_be_expanded_whole(string snapshot) =>
        Assert.Empty(JsonNode.Parse(Repository.Read($"infra/snapshots/{snapshot}.snapshot.json"))!["diagnostics"]!.AsArray());

    [Fact]
    public async Task Are_formatted()
    {
        foreach (var file in Bicep.Files) Assert.Equal(Repository.Read($"infra/{file}"), await Bicep.FormattedAsync(file));
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public void Are_read_at_once(string module) => Assert.InRange(Repository.Read(module).TrimEnd('\n').Split('\n').Length, 1, LongestModule);

    [Theory]
    [MemberData(nameof(Modules))]
    public void Come_from_this_repository_alone(string module)
    {
        Assert.DoesNotContain("'br:", Repository.Read(module), StringComparison.Ordinal);
        Assert.DoesNotContain("'br/", Repository.Read(module), StringComparison.Ordinal);
        Assert.DoesNotContain("'ts:", Repository.Read(module), StringComparison.Ordinal);
        Assert.DoesNotContain("#disable", Repository.Read(module), StringComparison.Ordinal);
    }

    [Fact]
    public void Are_found_by_azd_and_so_is_the_app()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Repository.Read("infra/azure.yaml")));
        var project = (YamlMappingNode)yaml.Documents[0].RootNode;

        Assert.Equal(("bicep", ".", "main"), ($"{project["infra"]["provider"]}", $"{project["infra"]["path"]}", $"{project["infra"]["module"]}"));
        Assert.Equal(("../src/Functions", "dotnet", "function"),
            ($"{project["services"]["app"]["project"]}", $"{project["services"]["app"]["language"]}", $"{project["services"]["app"]["host"]}"));
        Assert.All(Snapshot.Names, name => Assert.Equal("app", Snapshot.Read(name).App.At("tags")!["azd-service-name"]!.GetValue<string>()));
    }
}

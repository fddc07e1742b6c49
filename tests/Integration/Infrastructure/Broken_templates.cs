using System.Text.Json.Nodes;
using Atomic.Testing;
using Xunit;

namespace Atomic.Integration.Infrastructure;

/// <summary>What the tests of templates are for is seen to fail: one wrong template for each.</summary>
public sealed class Broken_templates : IClassFixture<Broken_templates.Linted>
{
    private const string Storage = "resource a 'Microsoft.Storage/storageAccounts@2025-06-01' = { name: 'a', location: 'x', kind: 'StorageV2', sku: { name: 'Standard_LRS' }, properties: ";

    private static readonly Dictionary<string, string> Wrong = new()
    {
        ["BCP036"] = $"{Storage}{{ allowSharedKeyAccess: 'no' }} }}",
        ["BCP037"] = $"{Storage}{{ allowSharedKeys: false }} }}",
        ["BCP081"] = "resource a 'Microsoft.Storage/storageAccounts@1999-01-01' = { name: 'a' }",
        ["BCP035"] = "resource a 'Microsoft.Storage/storageAccounts@2025-06-01' = { name: 'a', location: 'x' }",
        ["no-unused-params"] = "@description('Unused.')\nparam a string",
        ["no-unused-vars"] = "var a = 1",
        ["no-hardcoded-env-urls"] = "@description('An address.')\noutput a string = 'https://a.blob.core.windows.net'",
        ["no-hardcoded-location"] = "resource a 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = { name: 'aaa', location: 'westeurope' }",
        ["outputs-should-not-contain-secrets"] = $"{Storage}{{}} }}\n@description('A key.')\noutput a string = a.listKeys().keys[0].value",
        ["secure-parameter-default"] = "@secure()\n@description('A secret.')\nparam a string = 'b'\nvar c = a",
        ["use-parent-property"] = "resource a 'Microsoft.ServiceBus/namespaces@2026-01-01' existing = { name: 'a' }\n"
            + "resource b 'Microsoft.ServiceBus/namespaces/queues@2026-01-01' = { name: '${a.name}/b' }",
        ["use-user-defined-types"] = "@description('Anything.')\nparam a object\n@description('Anything.')\noutput b object = a",
    };

    private readonly Linted _linted;

    public Broken_templates(Linted linted) => _linted = linted;

    public static TheoryData<string> Rules => new(Wrong.Keys);

    [Theory]
    [MemberData(nameof(Rules))]
    public void Are_seen_by_the_linter(string rule) =>
        Assert.Contains(_linted.Findings, finding => finding.File == $"{rule}.bicep" && finding.Rule == rule);

    [Fact]
    public async Task That_create_something_else_differ_from_their_snapshot()
    {
        using var copy = new FolderCopy(Repository.PathOf("infra"));
        copy.Replace("modules/function-app.bicep", "httpsOnly: true", "httpsOnly: false");

        Assert.Contains("properties.httpsOnly is kept as true and is false", Assert.Single(await Bicep.DifferencesAsync(copy.Path, Snapshot.Names[0])), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_descriptions_are_seen()
    {
        var template = Template("""{ "parameters": { "a": { "type": "string" } }, "outputs": { "b": { "type": "string" } }, "definitions": { "c": { "type": "object", "metadata": { "description": "d" }, "properties": { "e": { "type": "string" } } } }""");

        Assert.Equal(["a is not described", "b is not described", "c.e is not described"], TemplateRules.Undescribed(template));
    }

    [Fact]
    public void With_objects_of_anything_are_seen()
    {
        var template = Template("""{ "parameters": { "a": { "type": "object" }, "b": { "type": "array", "items": { "type": "string" } } }, "outputs": { "c": { "type": "array" } }""");

        Assert.Equal(["a may be anything", "c may be anything"], TemplateRules.Untyped(template));
    }

    [Fact]
    public void With_secrets_are_seen() => Assert.Equal(["a is a secret"], TemplateRules.Secrets(Template("""{ "parameters": { "a": { "type": "securestring" } }""")));

    [Fact]
    public void That_start_the_app_too_early_are_seen()
    {
        var template = Template("""{ "resources": { "app": { "dependsOn": ["bus"] }, "bus": { "dependsOn": ["identity"] }, "store": {} }""");

        Assert.Equal(["bus", "identity"], TemplateRules.Before(template, "app").Order());
    }

    /// <summary>A template inside another, as a module is.</summary>
    private static JsonNode Template(string start) =>
        JsonNode.Parse($$"""{ "contentVersion": "1.0.0.0", "resources": { "inner": { "properties": { "template": {{start}}, "contentVersion": "1.0.0.0" } } } } }""")!;

    /// <summary>All wrong templates, linted in one run under the rules of infra/.</summary>
    public sealed class Linted : IAsyncLifetime
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("atomic-broken-").FullName;

        internal IReadOnlyList<Finding> Findings { get; private set; } = [];

        public async Task InitializeAsync()
        {
            File.Copy(Repository.PathOf("infra/bicepconfig.json"), Path.Combine(_folder, "bicepconfig.json"));
            foreach (var (rule, template) in Wrong) await File.WriteAllTextAsync(Path.Combine(_folder, $"{rule}.bicep"), $"{template}\n");
            Findings = await Bicep.LintAsync(_folder);
        }

        public Task DisposeAsync()
        {
            Directory.Delete(_folder, recursive: true);
            return Task.CompletedTask;
        }
    }
}

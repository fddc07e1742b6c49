using System.Diagnostics;
using Atomic.Integration.Builds;
using Atomic.Testing;
using Xunit;

namespace Atomic.Integration.Delivery;

/// <summary>.github/workflows/ci.yml, as it is and broken by hand.</summary>
public sealed class The_workflow
{
    private static readonly string Current = Repository.Read(".github/workflows/ci.yml");

    private static readonly Dictionary<string, Func<string, IEnumerable<string>>> Rules = new()
    {
        ["pins"] = WorkflowRules.OfPins,
        ["secrets"] = WorkflowRules.OfSecrets,
        ["scripts"] = WorkflowRules.OfScripts,
        ["permissions"] = WorkflowRules.OfPermissions,
        ["jobs"] = WorkflowRules.OfJobs,
        ["shells"] = WorkflowRules.OfShells,
        ["checkouts"] = WorkflowRules.OfCheckouts,
        ["triggers"] = WorkflowRules.OfTriggers,
        ["tests"] = WorkflowRules.OfTests,
        ["deployment"] = WorkflowRules.OfDeployment,
    };

    public static TheoryData<string> Names => new(Rules.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Holds(string rule) => Assert.Empty(Rules[rule](Current));

    [Theory]
    [InlineData("pins", "@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2", "@v4")]
    [InlineData("pins", " # v4.2.2", "")]
    [InlineData("secrets", "${{ vars.AZURE_CLIENT_ID }}", "${{ secrets.AZURE_CLIENT_ID }}")]
    [InlineData("secrets", "${{ vars.AZURE_CLIENT_ID }}", "${{ secrets['AZURE_CLIENT_ID'] }}")]
    [InlineData("scripts", "run: dotnet publish", "run: echo ${{ github.event.pull_request.title }}; dotnet publish")]
    [InlineData("permissions", "permissions:\n  contents: read\n", "permissions: write-all\n")]
    [InlineData("permissions", "permissions:\n  contents: read\n", "")]
    [InlineData("permissions", "    timeout-minutes: 30\n", "    timeout-minutes: 30\n    permissions:\n      packages: write\n")]
    [InlineData("permissions", "      id-token: write", "      id-token: write\n      issues: write")]
    [InlineData("jobs", "    timeout-minutes: 60\n", "")]
    [InlineData("jobs", "ubuntu-24.04", "ubuntu-latest")]
    [InlineData("shells", "    shell: bash\n", "    shell: sh\n")]
    [InlineData("checkouts", "          persist-credentials: false\n", "          persist-credentials: true\n")]
    [InlineData("triggers", "  pull_request:\n", "  pull_request_target:\n")]
    [InlineData("tests", ".ci/run |", "true |")]
    [InlineData("tests", "dotnet test", "dotnet build")]
    [InlineData("tests", "        if: always()\n", "")]
    [InlineData("deployment", "if: startsWith(github.ref, 'refs/tags/v')", "if: true")]
    [InlineData("deployment", "needs: [embedded, nuget]", "needs: [embedded]")]
    [InlineData("deployment", "    environment: production\n", "")]
    [InlineData("deployment", "infra/main.bicepparam", "infra/other.bicepparam")]
    [InlineData("deployment", "/api/health", "/")]
    [InlineData("deployment", "az bicep install --version v0.49.2", "az bicep install")]
    [InlineData("deployment", "bicep.use_binary_from_path=false", "bicep.use_binary_from_path=true")]
    [InlineData("deployment", "      ENTRA_CLIENT_ID: ${{ vars.ENTRA_CLIENT_ID }}\n", "")]
    [InlineData("deployment", "${{ vars.DURABLE_BACKEND }}", "${{ vars.DURABLE_BACKEND || 'DurableTaskScheduler' }}")]
    public void Is_refused_once_broken(string rule, string text, string by)
    {
        Assert.Contains(text, Current, StringComparison.Ordinal);

        Assert.NotEmpty(Rules[rule](Current.Replace(text, by, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Deploys_with_what_is_set_and_leaves_the_rest_to_its_defaults()
    {
        var seen = await DeployAsync(("AZURE_ENV_NAME", "live"), ("AZURE_LOCATION", "westeurope"), ("ALERT_CONTACTS", "a@example.com"), ("HISTORY_DAYS", "60"));

        Assert.Equal(["ALERT_CONTACTS=a@example.com", "AZURE_ENV_NAME=live", "AZURE_LOCATION=westeurope", "HISTORY_DAYS=60"], seen);
    }

    [Theory]
    [InlineData("AZURE_ENV_NAME")]
    [InlineData("AZURE_LOCATION")]
    [InlineData("ALERT_CONTACTS")]
    public async Task Deploys_nothing_before_somebody_said_where_and_who_is_told(string missing)
    {
        var set = new[] { ("AZURE_ENV_NAME", "live"), ("AZURE_LOCATION", "westeurope"), ("ALERT_CONTACTS", "a@example.com") };

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => DeployAsync([.. set.Where(each => each.Item1 != missing)]));

        Assert.Contains(missing, failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Runs the step as a runner does, with a CLI that writes down its parameters; variables that are not set are empty.</summary>
    private static async Task<IEnumerable<string>> DeployAsync(params (string Name, string Value)[] set)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            return await RunAsync(folder.FullName, set);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IEnumerable<string>> RunAsync(string folder, (string Name, string Value)[] set)
    {
        var script = $"az() {{ env; }}\n{WorkflowRules.Script(Current, "deploy", "Infrastructure")}";
        var start = new ProcessStartInfo("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
        {
            WorkingDirectory = Repository.Root,
        };
        foreach (var name in WorkflowRules.Parameters) start.Environment[name] = "";
        foreach (var (name, value) in set) start.Environment[name] = value;
        start.Environment["RUNNER_TEMP"] = folder;
        _ = (await Command.RunAsync(start)).Succeeded;
        var seen = await File.ReadAllLinesAsync(Path.Combine(folder, "outputs.json"));
        return seen.Where(line => WorkflowRules.Parameters.Contains(line.Split('=')[0])).Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("dotnet restore Functions.sln --locked-mode")]
    [InlineData("dotnet build Functions.sln --no-restore -warnaserror")]
    [InlineData("dotnet format whitespace . --folder --verify-no-changes")]
    [InlineData("dotnet format style Functions.sln --verify-no-changes")]
    [InlineData("lint --pattern '**/*.bicep*'")]
    [InlineData("snapshot \"$parameters\" --mode validate")]
    [InlineData("dotnet-CycloneDX")]
    [InlineData("dotnet test Functions.sln --no-build")]
    public void Runs_a_script_that_does_it_all(string step) => Assert.Contains(step, Repository.Read(".ci/run"), StringComparison.Ordinal);
}

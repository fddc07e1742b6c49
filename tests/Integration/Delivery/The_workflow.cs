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
    public void Is_refused_once_broken(string rule, string text, string by)
    {
        Assert.Contains(text, Current, StringComparison.Ordinal);

        Assert.NotEmpty(Rules[rule](Current.Replace(text, by, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("dotnet restore Functions.sln --locked-mode")]
    [InlineData("dotnet build Functions.sln --no-restore -warnaserror")]
    [InlineData("dotnet format Functions.sln --verify-no-changes")]
    [InlineData("lint --pattern '**/*.bicep*'")]
    [InlineData("dotnet-CycloneDX")]
    [InlineData("dotnet test Functions.sln --no-build")]
    public void Runs_a_script_that_does_it_all(string step) => Assert.Contains(step, Repository.Read(".ci/run"), StringComparison.Ordinal);
}

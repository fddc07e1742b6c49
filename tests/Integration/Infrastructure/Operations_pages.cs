using System.Text.RegularExpressions;
using Atomic.Integration.Security;
using Atomic.Testing;
using Xunit;

namespace Atomic.Integration.Infrastructure;

/// <summary>Whoever follows a page in the night finds what it names.</summary>
public sealed partial class Operations_pages
{
    public static TheoryData<string> Pages => new(Repository.Files("src/docs/operations", "*.md").Concat(Repository.Files("src/docs/runbooks", "*.md")));

    private static readonly string Code = string.Concat(
        Repository.Files("src/Functions", "*.cs").Concat(Repository.Files("infra", "*.bicep*")).Concat(Repository.Files("tests/Integration", "*.cs"))
            .Append(".github/workflows/ci.yml").Select(Repository.Read));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Name_routes_that_there_are(string page) =>
        Assert.Empty(Routes().Matches(Repository.Read(page)).Select(match => $"{match.Groups[1].Value} {Shape(match.Groups[2].Value)}").Except(Route.All.Select(route => $"{route.Method} {Shape(route.Template)}")));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Name_functions_settings_and_parameters_that_there_are(string page) =>
        Assert.DoesNotContain(Names().Matches(Repository.Read(page)).Select(match => match.Groups[1].Value), name => !Code.Contains(name.Replace("__", ":", StringComparison.Ordinal), StringComparison.Ordinal)
            && !Code.Contains(name, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Lead_to_pages_that_there_are(string page) => Assert.All(
        Links().Matches(Repository.Read(page)), link => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(Repository.PathOf(page))!, link.Groups[1].Value)), link.Value));

    // Others are passed over by the exporter, with a warning that nobody sees.
    [Theory]
    [MemberData(nameof(Pages))]
    public void Name_samplers_that_the_exporter_knows(string page) =>
        Assert.All(Samplers().Matches(Repository.Read(page)), sampler => Assert.Contains(sampler.Groups[1].Value, new[] { "microsoft.fixed_percentage", "microsoft.rate_limited" }));

    // A timer that is forgotten writes to streams that are being restored.
    [Fact]
    public void Stop_every_timer_before_a_restore()
    {
        var page = Repository.Read("src/docs/operations/restore.md");

        Assert.NotEmpty(Triggers.Of("TimerTriggerAttribute"));
        Assert.All(Triggers.Of("TimerTriggerAttribute"), timer => Assert.Contains($"`{timer.Function.Split('.')[^1]}`", page, StringComparison.Ordinal));
    }

    // Entra ID issues tokens of version 1 to apps that call, unless the registration asks for others; App Service is told of those of version 2 alone.
    [Fact]
    public void Have_the_app_registered_for_the_tokens_that_are_checked()
    {
        var page = Repository.Read("src/docs/operations/access.md");

        Assert.Contains("/v2.0'", Repository.Read("infra/modules/sign-in.bicep"), StringComparison.Ordinal);
        Assert.Contains("\"requestedAccessTokenVersion\": 2", page, StringComparison.Ordinal);
        Assert.Contains("'api://${signIn.clientId}'", Repository.Read("infra/modules/sign-in.bicep"), StringComparison.Ordinal);
        Assert.Contains("\"identifierUris\": [\"api://<client id>\"]", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Say_that_the_watches_go_back_without_end() =>
        Assert.Contains("however long ago it began", Repository.Read("src/docs/runbooks/stuck-transactions.md"), StringComparison.Ordinal);

    [Fact]
    public void Are_there_for_access_deploying_restoring_and_upgrading() =>
        Assert.Equal(["access.md", "deployment.md", "restore.md", "upgrade.md"], Repository.Files("src/docs/operations", "*.md").Select(Path.GetFileName));

    // One that is set and never read leaves the default, and nobody sees it.
    [Fact]
    public void Name_variables_of_a_deployment_that_its_parameters_read()
    {
        var read = VariablesRead().Matches(Repository.Read("infra/main.bicepparam")).Select(match => match.Groups[1].Value).ToHashSet();

        Assert.Equal(Variables().Matches(Repository.Read("src/docs/operations/deployment.md")).Select(match => match.Groups[1].Value).Order(), read.Order());
    }

    private static string Shape(string route) => Regex.Replace(route.Split('?')[0], @"\{\w+\}", "{}");

    [GeneratedRegex("`(GET|POST|DELETE) (/api/[^` ]*)")]
    private static partial Regex Routes();

    // Names of functions, settings and parameters of a deployment: `ExportEventStore`, `Retention__histories`, `HISTORY_DAYS`. Tables of the
    // workspace are Azure's.
    [GeneratedRegex("`(?!App|FunctionAppLogs)((?:[A-Z][a-z]+){2,}|[A-Z][A-Za-z]+__[a-z]+|[A-Z]{4,}_[A-Z_]+)`")]
    private static partial Regex Names();

    [GeneratedRegex(@"^\| `([A-Z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Variables();

    [GeneratedRegex(@"readEnvironmentVariable\('([A-Z_]+)'")]
    private static partial Regex VariablesRead();

    [GeneratedRegex(@"OTEL_TRACES_SAMPLER=([\w.]+)")]
    private static partial Regex Samplers();

    [GeneratedRegex(@"\]\(([\w./-]+\.md)\)")]
    private static partial Regex Links();
}

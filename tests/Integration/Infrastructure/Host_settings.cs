using System.Text.Json.Nodes;
using System.Xml.Linq;
using Atomic.Testing;
using Xunit;

namespace Atomic.Integration.Infrastructure;

/// <summary>host.json, and how it reaches the app.</summary>
public sealed class Host_settings
{
    private const string Project = "src/Functions/Functions.csproj";

    private static readonly JsonNode Host = JsonNode.Parse(Repository.Read("host.json"))!;

    [Theory]
    [InlineData("version", "\"2.0\"")]
    [InlineData("telemetryMode", "\"OpenTelemetry\"")]
    [InlineData("functionTimeout", "\"00:05:00\"")]
    [InlineData("extensions.http.routePrefix", "\"\"")]
    [InlineData("extensions.http.hsts.isEnabled", "true")]
    [InlineData("extensions.http.customHeaders.X-Content-Type-Options", "\"nosniff\"")]
    [InlineData("extensions.serviceBus.autoCompleteMessages", "false")]
    [InlineData("extensions.serviceBus.prefetchCount", "0")]
    [InlineData("extensions.serviceBus.maxConcurrentCalls", "16")]
    [InlineData("extensions.serviceBus.clientRetryOptions.mode", "\"exponential\"")]
    [InlineData("extensions.durableTask.hubName", "\"%TaskHub%\"")]
    // Without a version of its own a worker takes every orchestration for one of its own.
    [InlineData("extensions.durableTask.defaultVersion", "\"1.1.0\"")]
    [InlineData("extensions.durableTask.versionMatchStrategy", "\"CurrentOrOlder\"")]
    [InlineData("extensions.durableTask.storeInputsInOrchestrationHistory", "false")]
    [InlineData("extensions.durableTask.tracing.distributedTracingEnabled", "true")]
    [InlineData("extensions.durableTask.tracing.version", "\"V2\"")]
    public void Are_as_designed(string path, string expected) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), At(path)), $"host.json: {path} is {At(path)?.ToJsonString() ?? "missing"}, not {expected}");

    [Fact]
    public void Give_up_an_idle_session() => Assert.InRange(Duration("extensions.serviceBus.sessionIdleTimeout"), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    [Fact]
    public void Renew_a_lock_for_as_long_as_a_function_may_take() =>
        Assert.True(Duration("extensions.serviceBus.maxAutoLockRenewalDuration") >= Duration("functionTimeout"));

    [Fact]
    public void Retry_a_bounded_number_of_times()
    {
        Assert.InRange(At("extensions.serviceBus.clientRetryOptions.maxRetries")!.GetValue<int>(), 1, 10);
        Assert.InRange(Duration("extensions.serviceBus.clientRetryOptions.maxDelay"), Duration("extensions.serviceBus.clientRetryOptions.delay"), TimeSpan.FromMinutes(1));
    }

    // With a prefix, the dashboard could not be at the root; without one, each route says it.
    [Fact]
    public void Leave_the_prefix_to_the_routes()
    {
        var routes = Triggers.Of("HttpTriggerAttribute").Select(trigger => (string?)trigger.Named("Route")).ToList();

        Assert.Contains("/", routes);
        Assert.All(routes.Where(route => route != "/"), route => Assert.StartsWith("api/", route, StringComparison.Ordinal));
    }

    [Fact]
    public void Reach_the_output_and_the_published_app()
    {
        var link = Linked("../../host.json");

        Assert.Equal("host.json", Attribute(link, "Link"));
        Assert.Equal("PreserveNewest", Attribute(link, "CopyToOutputDirectory"));
        Assert.Equal("PreserveNewest", Attribute(link, "CopyToPublishDirectory"));
    }

    [Fact]
    public void Of_one_machine_are_never_published()
    {
        var link = Linked("../../local.settings.json");

        Assert.Equal("local.settings.json", Attribute(link, "Link"));
        Assert.Equal("Exists('../../local.settings.json')", Attribute(link, "Condition"));
        Assert.Equal("PreserveNewest", Attribute(link, "CopyToOutputDirectory"));
        Assert.Equal("Never", Attribute(link, "CopyToPublishDirectory"));
        Assert.Contains("local.settings.json", Repository.Read(".gitignore").Split('\n'));
    }

    // Whoever stands in that folder, or names it, gets Microsoft's packages with nothing to remember.
    [Fact]
    public void Of_the_build_select_Microsofts_packages() => Assert.Equal("-p:AzureSdk=nuget", Repository.Read("src/Functions/Directory.Build.rsp").Trim());

    private static JsonNode? At(string path) => path.Split('.').Aggregate((JsonNode?)Host, (node, name) => node?[name]);

    private static TimeSpan Duration(string path) => TimeSpan.Parse(At(path)!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);

    private static XElement Linked(string file) => XDocument.Parse(Repository.Read(Project)).Descendants("None").Single(item => Attribute(item, "Include") == file);

    private static string? Attribute(XElement element, string name) => element.Attribute(name)?.Value;
}

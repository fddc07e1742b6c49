using System.Text.RegularExpressions;
using Atomic.Integration.Infrastructure;
using Atomic.Testing;
using Xunit;

namespace Atomic.Integration.Builds;

/// <summary>What can be told of the deployable without Microsoft's packages.</summary>
public sealed class The_published_app
{
    private const string Functions = "src/Functions/Functions.csproj";

    private static readonly string Program = Repository.Read("src/Functions/Program.cs");

    [Fact]
    public async Task Is_compiled_ahead_for_the_machine_it_runs_on()
    {
        var published = await Evaluation.OfPublishAsync(Functions);

        Assert.Equal(("true", "linux-x64", "false"), (published.Property("PublishReadyToRun"), published.Property("RuntimeIdentifier"), published.Property("SelfContained")));
        Assert.Equal(("v4", "net10.0", "Exe"), (published.Property("AzureFunctionsVersion"), published.Property("TargetFramework"), published.Property("OutputType")));
    }

    // On a machine of one's own it is built for that machine.
    [Fact]
    public async Task Is_built_as_it_comes_otherwise() => Assert.Equal("", (await Evaluation.OfAsync(Functions)).Property("RuntimeIdentifier"));

    [Fact]
    public async Task Has_the_versions_that_were_released_together()
    {
        var versions = Regex.Matches(Repository.Read("src/Directory.Packages.props"), "Include=\"([^\"]+)\" Version=\"([^\"]+)\"").ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        var designed = new Dictionary<string, string>
        {
            ["Microsoft.Azure.Functions.Worker"] = "2.52.0",
            ["Microsoft.Azure.Functions.Worker.Sdk"] = "2.0.7",
            ["Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore"] = "2.1.0",
            ["Microsoft.Azure.Functions.Worker.Extensions.ServiceBus"] = "5.24.0",
            ["Microsoft.Azure.Functions.Worker.Extensions.Timer"] = "4.3.1",
            ["Microsoft.Azure.Functions.Worker.Extensions.DurableTask"] = "1.16.5",
            ["Microsoft.DurableTask.Client"] = "1.25.0",
            ["Azure.Messaging.ServiceBus"] = "7.20.1",
            ["Microsoft.Azure.Functions.Worker.OpenTelemetry"] = "1.2.0",
        };

        Assert.All(designed, each => Assert.Equal(each.Value, versions[each.Key]));
        Assert.Empty(NotOfThisRuntime(versions));
        Assert.Empty((await Evaluation.OfPublishAsync(Functions)).Items("PackageReference").Except(versions.Keys));
    }

    [Fact]
    public void Is_seen_to_take_an_extension_of_another_runtime() => Assert.Equal(
        ["Microsoft.Extensions.Hosting"],
        NotOfThisRuntime(new Dictionary<string, string> { ["Microsoft.Extensions.Hosting"] = "10.1.0", ["Microsoft.Extensions.Logging"] = "10.0.2", ["Polly"] = "8.0.0" }));

    [Theory]
    [InlineData("ConfigureFunctionsWebApplication()")]
    [InlineData("AppConfiguration.Read(settings)")]
    [InlineData("UseMiddleware<RequestBounds>()")]
    [InlineData("UseMiddleware<Authorization>()")]
    [InlineData("AddAtomic()")]
    [InlineData("UseFunctionsWorkerDefaults()")]
    [InlineData("UseAzureMonitorExporter(")]
    [InlineData("exporter.EnableTraceBasedLogsSampler = false;")]
    [InlineData("exporter.TracesPerSecond = null;")]
    [InlineData("exporter.SamplingRatio = configuration.TracesKept;")]
    public void Is_put_together_of(string part) => Assert.Contains(part, Program, StringComparison.Ordinal);

    // Before anything that could fail for the want of a setting, and say something else.
    [Fact]
    public void Judges_its_settings_first() =>
        Assert.True(Program.IndexOf("AppConfiguration.Read", StringComparison.Ordinal) < Program.IndexOf("builder.Services", StringComparison.Ordinal));

    [Fact]
    public void Takes_no_key_by_itself() => Assert.DoesNotMatch("AccountKey|SharedAccessKey|AzureKeyCredential|StorageSharedKey", Program);

    [Fact]
    public void Runs_by_schedules_of_six_fields() => Assert.All(
        Triggers.Of("TimerTriggerAttribute"), trigger => Assert.Equal(6, trigger.Arguments[0]!.Split(' ').Length));

    // Virtual time is for tests alone, and its package has versions of its own.
    private static IEnumerable<string> NotOfThisRuntime(IReadOnlyDictionary<string, string> versions) => versions
        .Where(each => each.Key.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) && each.Key != "Microsoft.Extensions.TimeProvider.Testing"
            && !each.Value.StartsWith("10.0.", StringComparison.Ordinal))
        .Select(each => each.Key);
}

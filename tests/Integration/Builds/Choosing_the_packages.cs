using Atomic.Integration.Infrastructure;
using Atomic.Testing;
using Xunit;

namespace Atomic.Integration.Builds;

/// <summary>Which of the two sets of packages a command gets, without a word from whoever types it.</summary>
public sealed class Choosing_the_packages
{
    private const string Functions = "src/Functions/Functions.csproj";
    private const string AzureApi = "src/AzureApi/AzureApi.csproj";
    private const string Engine = "AzureFunctionsJobHost__extensions__durableTask__storageProvider__type";
    private const string Nuget = "nuget";
    private const string Embedded = "embedded";

    public static TheoryData<string> Projects => new(Repository.Files("src", "*.csproj"));

    public static TheoryData<string> AllProjects => new(Repository.Files("src", "*.csproj").Concat(Repository.Files("tests", "*.csproj")));

    [Theory]
    [MemberData(nameof(AllProjects))]
    public async Task Gives_Microsofts_to_the_function_app_and_the_declarations_to_the_rest(string project) =>
        Assert.Equal(project == Functions ? Nuget : Embedded, (await Evaluation.OfAsync(project)).Property("AzureSdk"));

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task Keeps_the_output_of_the_two_apart(string project)
    {
        var nuget = await Evaluation.OfAsync(project, Nuget);
        var embedded = await Evaluation.OfAsync(project, project == Functions ? Embedded : null);

        foreach (var path in new[] { "BaseIntermediateOutputPath", "BaseOutputPath", "IntermediateOutputPath", "OutputPath", "NuGetLockFilePath" })
        {
            Assert.Contains("nuget", nuget.Property(path), StringComparison.Ordinal);
            Assert.Equal(embedded.Property(path), nuget.Property(path).Replace("nuget", "embedded", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task Has_a_version_for_every_package(string project)
    {
        var nuget = await Evaluation.OfAsync(project, Nuget);

        Assert.Empty(nuget.Items("PackageReference").Except(nuget.Items("PackageVersion")));
    }

    [Fact]
    public async Task Compiles_declarations_or_refers_to_packages()
    {
        var nuget = await Evaluation.OfAsync(AzureApi, Nuget);
        var embedded = await Evaluation.OfAsync(AzureApi);

        string[] packages =
        [
            "Azure.Identity", "Azure.Messaging.ServiceBus", "Azure.Monitor.OpenTelemetry.Exporter", "Microsoft.Azure.Functions.Worker", "Microsoft.Azure.Functions.Worker.Extensions.DurableTask",
            "Microsoft.Azure.Functions.Worker.Extensions.DurableTask.AzureManaged", "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore", "Microsoft.Azure.Functions.Worker.Extensions.ServiceBus",
            "Microsoft.Azure.Functions.Worker.Extensions.Timer", "Microsoft.Azure.Functions.Worker.OpenTelemetry", "Microsoft.DurableTask.Client",
        ];
        Assert.Empty(nuget.Items("Compile"));
        Assert.Equal(packages, nuget.Items("PackageReference").Except(embedded.Items("PackageReference")).Order(StringComparer.Ordinal));
        Assert.Equal(Repository.Files("src/AzureApi", "*.cs").Select(path => path["src/AzureApi/".Length..]), embedded.Items("Compile").Order(StringComparer.Ordinal));
    }

    /// <summary>Where the host gets each engine from that it can be told to use.</summary>
    [Fact]
    public async Task Brings_every_engine_that_a_deployment_names()
    {
        var packages = new Dictionary<string, string>
        {
            ["azureStorage"] = "Microsoft.Azure.Functions.Worker.Extensions.DurableTask",
            ["azureManaged"] = "Microsoft.Azure.Functions.Worker.Extensions.DurableTask.AzureManaged",
        };
        var named = Snapshot.Names.Select(name => Snapshot.Read(name).Settings.GetValueOrDefault(Engine, "azureStorage")).Distinct().ToList();

        Assert.Equal(packages.Keys.Order(), named.Order());
        Assert.Empty(named.Select(engine => packages[engine]).Except((await Evaluation.OfAsync(AzureApi, Nuget)).Items("PackageReference")));
    }

    [Fact]
    public async Task Adds_the_host_builder_and_the_worker_sdk_to_the_published_app_and_nothing_else()
    {
        var published = await Evaluation.OfAsync(Functions);
        var embedded = await Evaluation.OfAsync(Functions, Embedded);

        Assert.Equal("Exe", published.Property("OutputType"));
        Assert.Equal("Library", embedded.Property("OutputType"));
        Assert.Equal(["Microsoft.Azure.Functions.Worker.Sdk"], published.Items("PackageReference").Except(embedded.Items("PackageReference")));
        Assert.Equal(Repository.Files("src/Functions", "Program.cs").Select(Path.GetFileName), published.Items("Compile").Except(embedded.Items("Compile")));
        Assert.DoesNotContain("EMBEDDED", published.Property("DefineConstants"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lets_the_local_host_be_built_against_Microsofts()
    {
        var nuget = await Evaluation.OfAsync("src/LocalHost/LocalHost.csproj", Nuget);
        var embedded = await Evaluation.OfAsync("src/LocalHost/LocalHost.csproj");

        Assert.Equal(embedded.Items("Compile"), nuget.Items("Compile"));
        Assert.Equal(embedded.Items("ProjectReference"), nuget.Items("ProjectReference"));
    }

    [Theory]
    [MemberData(nameof(AllProjects))]
    public async Task Leaves_no_project_without_the_banned_symbols(string project)
    {
        var banned = (await Evaluation.OfAsync(project)).Items("AdditionalFiles").Select(Path.GetFileName);

        Assert.Contains("BannedSymbols.txt", banned);
    }
}

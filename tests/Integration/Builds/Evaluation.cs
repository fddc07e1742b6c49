using System.Collections.Concurrent;
using System.Text.Json;
using Atomic.Testing;

namespace Atomic.Integration.Builds;

/// <summary>A project as MSBuild sees it before anything is restored or built, so it can be asked about packages that are out of reach here.</summary>
internal sealed class Evaluation(JsonElement answer)
{
    private static readonly ConcurrentDictionary<(string Project, string? AzureSdk), Lazy<Task<Evaluation>>> Known = new();

    public string Property(string name) => answer.GetProperty("Properties").GetProperty(name).GetString()!;

    public IReadOnlyList<string> Items(string name) =>
        [.. answer.GetProperty("Items").GetProperty(name).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)];

    /// <summary>Each is asked for once, since it takes MSBuild half a second.</summary>
    public static Task<Evaluation> OfAsync(string project, string? azureSdk = null) =>
        Known.GetOrAdd((project, azureSdk), _ => new(() => RunAsync(project, azureSdk is null ? [] : [$"-p:AzureSdk={azureSdk}"]))).Value;

    /// <summary>As <c>dotnet publish</c> sees it.</summary>
    public static Task<Evaluation> OfPublishAsync(string project) =>
        Known.GetOrAdd((project, "published"), _ => new(() => RunAsync(project, ["-p:_IsPublishing=true"]))).Value;

    private static async Task<Evaluation> RunAsync(string project, string[] arguments)
    {
        string[] all =
        [
            "msbuild", Repository.PathOf(project), "-nologo",
            "-getProperty:AzureSdk,BaseIntermediateOutputPath,BaseOutputPath,OutputPath,IntermediateOutputPath,NuGetLockFilePath,OutputType,DefineConstants,PublishReadyToRun,RuntimeIdentifier,SelfContained,AzureFunctionsVersion,TargetFramework",
            "-getItem:Compile,PackageReference,PackageVersion,ProjectReference,AdditionalFiles", .. arguments,
        ];

        return new Evaluation(JsonDocument.Parse(await Dotnet.RunAsync(Path.GetTempPath(), all)).RootElement);
    }
}

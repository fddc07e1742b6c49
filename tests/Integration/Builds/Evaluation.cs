using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Atomic.Testing;

namespace Atomic.Integration.Builds;

/// <summary>A project as MSBuild sees it before anything is restored or built, so it can be asked about packages that are out of reach here.</summary>
internal sealed class Evaluation(JsonElement answer)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

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
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] all =
        [
            "msbuild", Repository.PathOf(project), "-nologo",
            "-getProperty:AzureSdk,BaseIntermediateOutputPath,BaseOutputPath,OutputPath,IntermediateOutputPath,NuGetLockFilePath,OutputType,DefineConstants,PublishReadyToRun,RuntimeIdentifier,SelfContained,AzureFunctionsVersion,TargetFramework",
            "-getItem:Compile,PackageReference,PackageVersion,ProjectReference,AdditionalFiles", .. arguments,
        ];
        foreach (var argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        // `dotnet test` leaves its own MSBuild's paths behind, and a build may have been given the property from outside.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name == "AzureSdk").ToList())
        {
            start.Environment.Remove(name);
        }

        return new Evaluation(JsonDocument.Parse(await OutputAsync(start)).RootElement);
    }

    private static async Task<string> OutputAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0
                ? await output
                : throw new InvalidOperationException($"dotnet {string.Join(' ', start.ArgumentList)} exited with {process.ExitCode}: {await output}{await errors}");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}

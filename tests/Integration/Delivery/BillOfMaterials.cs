using System.Diagnostics;
using System.Text.RegularExpressions;
using Atomic.Testing;

namespace Atomic.Integration.Delivery;

/// <summary>What the build lists: as it was written by the build that runs these tests, else by the same command.</summary>
internal static partial class BillOfMaterials
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task<string> ReadAsync()
    {
        if (Environment.GetEnvironmentVariable("SBOM") is { Length: > 0 } written) return await File.ReadAllTextAsync(written);
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            await RunAsync("tool restore", folder.FullName);
            await RunAsync(Command().Match(Repository.Read(".ci/run")).Groups["command"].Value.Replace("\"$artifacts\"", folder.FullName, StringComparison.Ordinal), folder.FullName);
            return await File.ReadAllTextAsync(Path.Combine(folder.FullName, "sbom.json"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(string command, string folder)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", command)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
        };
        // `dotnet test` leaves its own MSBuild's paths behind.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        start.Environment["TMPDIR"] = folder;
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            if (process.ExitCode != 0) throw new InvalidOperationException($"dotnet {command} exited with {process.ExitCode}: {await output}");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex("dotnet (?<command>tool run dotnet-CycloneDX .*)")]
    private static partial Regex Command();
}

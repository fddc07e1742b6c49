using System.Text.RegularExpressions;
using Atomic.Integration.Builds;
using Atomic.Testing;

namespace Atomic.Integration.Delivery;

/// <summary>What the build lists: as it was written by the build that runs these tests, else by the same command.</summary>
internal static partial class BillOfMaterials
{
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
        var start = Dotnet.StartInfo(Repository.Root, command.Split(' '));
        start.Environment["TMPDIR"] = folder;
        _ = (await Builds.Command.RunAsync(start)).Succeeded;
    }

    [GeneratedRegex("dotnet (?<command>tool run dotnet-CycloneDX .*)")]
    private static partial Regex Command();
}

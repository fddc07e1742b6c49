using System.Diagnostics;

namespace Atomic.Integration.Builds;

/// <summary>The SDK's command line, as someone in a terminal has it.</summary>
internal static class Dotnet
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed. The message has what it printed.</exception>
    public static async Task<string> RunAsync(string folder, params string[] arguments) =>
        (await Command.RunAsync(StartInfo(folder, arguments), Patience)).Succeeded;

    public static ProcessStartInfo StartInfo(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments) { WorkingDirectory = folder };
        // `dotnet test` leaves its own MSBuild's paths behind, and a build may have been given the property from outside.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name == "AzureSdk").ToList())
        {
            start.Environment.Remove(name);
        }

        return start;
    }
}

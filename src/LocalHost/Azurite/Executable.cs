using System.Diagnostics;

namespace Atomic.LocalHost.Azurite;

/// <summary>Finds a program as a shell would, in folders of our own choosing.</summary>
internal static class Executable
{
    private static readonly string[] Endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];

    /// <exception cref="AzuriteException">It is in none of the folders.</exception>
    public static string Find(string name, string searchPath) =>
        (from folder in searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
         from ending in Endings
         let path = Path.Combine(folder, name + ending)
         where File.Exists(path)
         select path).FirstOrDefault()
        ?? throw new AzuriteException(
            $"'{name}' is not on the PATH, and Azurite, the storage emulator, needs it: install Node.js 20 or later (https://nodejs.org), "
            + "or name a storage of your own with --storage CONNECTION.");

    /// <summary>A program with its streams in our hands, so that it never writes to the terminal of its user.</summary>
    public static ProcessStartInfo StartInfo(string path, IEnumerable<string> arguments, string searchPath)
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        start.Environment["PATH"] = searchPath;
        return start;
    }
}

using Atomic.LocalHost.Runtime;
using Atomic.LocalHost.Runtime.Settings;

namespace Atomic.LocalHost.CommandLine;

/// <summary>The folder with the app's settings: <c>host.json</c>, <c>local.settings.json</c> or its sample, and <c>infra/service-bus.json</c>.</summary>
internal sealed record AppFolder(string Path)
{
    public string Topology => System.IO.Path.Combine(Path, "infra", "service-bus.json");

    public string Data => System.IO.Path.Combine(Path, ".data");

    private string HostJson => System.IO.Path.Combine(Path, HostSettings.File);

    /// <summary>
    /// The files are read where they are written, never from a copy beside the binaries, so that an edit counts at the next start, built or
    /// not. So the folder is looked for upward from the binaries, which a build leaves inside the repository, and from the current folder.
    /// </summary>
    /// <exception cref="StartupException">There is none.</exception>
    public static AppFolder Find(string? given, IEnumerable<string> startingPoints)
    {
        var candidates = given is null ? startingPoints.SelectMany(Upward) : [System.IO.Path.GetFullPath(given)];
        var found = candidates.Select(path => new AppFolder(path)).FirstOrDefault(folder => File.Exists(folder.HostJson) && File.Exists(folder.Topology));
        return found ?? throw new StartupException(given is null
            ? $"No folder with {HostSettings.File} and infra/service-bus.json above the host or the current folder: run it inside the repository, or name the folder with --root."
            : $"{given} does not hold {HostSettings.File} and infra/service-bus.json.");
    }

    public HostSettings ReadHostSettings() => HostSettings.Parse(File.ReadAllText(HostJson));

    public AppSettings ReadAppSettings()
    {
        var names = new[] { AppSettings.File, AppSettings.Sample };
        var name = names.FirstOrDefault(each => File.Exists(System.IO.Path.Combine(Path, each)))
            ?? throw new StartupException($"{Path} holds neither {AppSettings.File} nor {AppSettings.Sample}.");
        return AppSettings.Parse(name, File.ReadAllText(System.IO.Path.Combine(Path, name)));
    }

    private static IEnumerable<string> Upward(string path)
    {
        for (var folder = new DirectoryInfo(path); folder is not null; folder = folder.Parent) yield return folder.FullName;
    }
}

using Atomic.Testing;

namespace Atomic.Integration.Hosting;

/// <summary>A folder with the repository's settings files, to be spoiled, and with room for data.</summary>
internal sealed class AppFolderCopy : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("atomic-root-");

    public AppFolderCopy()
    {
        Directory.CreateDirectory(PathOf("infra"));
        foreach (var file in new[] { "host.json", "local.settings.sample.json", "infra/service-bus.json" }) File.Copy(Repository.PathOf(file), PathOf(file));
    }

    public string Path => _folder.FullName;

    public string Data => PathOf("data");

    public string PathOf(string file) => System.IO.Path.Combine(_folder.FullName, file);

    /// <summary>Replaces a part of a file, which must be there.</summary>
    public AppFolderCopy With(string file, string part, string other)
    {
        var text = File.ReadAllText(PathOf(file));
        if (!text.Contains(part, StringComparison.Ordinal)) throw new ArgumentException($"{file} does not say {part}.");
        File.WriteAllText(PathOf(file), text.Replace(part, other, StringComparison.Ordinal));
        return this;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

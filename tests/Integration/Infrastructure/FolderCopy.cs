namespace Atomic.Integration.Infrastructure;

/// <summary>A copy of a folder that may be spoiled.</summary>
internal sealed class FolderCopy : IDisposable
{
    public FolderCopy(string source)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("atomic-infra-").FullName;

    /// <summary>Replaces text in a file, which must have it.</summary>
    public void Replace(string file, string text, string by)
    {
        var path = System.IO.Path.Combine(Path, file);
        var before = File.ReadAllText(path);
        if (!before.Contains(text, StringComparison.Ordinal)) throw new ArgumentException($"{file} does not hold: {text}", nameof(text));
        File.WriteAllText(path, before.Replace(text, by, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

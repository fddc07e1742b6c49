namespace Atomic.Testing;

/// <summary>The source tree that the running tests were built from. Paths are relative to its root, with forward slashes.</summary>
public static class Repository
{
    private static readonly string[] Generated = ["bin", "obj", "TestResults", "node_modules"];

    /// <summary>The folder that holds Functions.sln.</summary>
    /// <exception cref="DirectoryNotFoundException">The tests do not run from inside the repository.</exception>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    /// <summary>The names in the root folder, folders included.</summary>
    public static IReadOnlyList<string> Entries() => [.. Directory.EnumerateFileSystemEntries(Root).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    /// <summary>The files below <paramref name="folder"/> whose names match <paramref name="pattern"/>, without what a build wrote.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern) =>
        [.. Walk(new DirectoryInfo(PathOf(folder)), pattern).Select(Relative).Order(StringComparer.Ordinal)];

    /// <summary>The folders below <paramref name="folder"/>, without what a build wrote.</summary>
    public static IReadOnlyList<string> Folders(string folder) =>
        [.. Below(new DirectoryInfo(PathOf(folder))).Select(Relative).Order(StringComparer.Ordinal)];

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder, string pattern) =>
        Below(folder).Prepend(folder).SelectMany(each => each.EnumerateFiles(pattern));

    private static IEnumerable<DirectoryInfo> Below(DirectoryInfo folder) => folder.EnumerateDirectories()
        .Where(child => !Generated.Contains(child.Name) && !child.Name.StartsWith('.'))
        .SelectMany(child => Below(child).Prepend(child));

    private static string Relative(FileSystemInfo entry) => Path.GetRelativePath(Root, entry.FullName).Replace('\\', '/');

    private static string FindRoot(string start)
    {
        var folder = new DirectoryInfo(start);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Functions.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException($"No folder above {start} holds Functions.sln.");
    }
}

using Atomic.Testing;

namespace Atomic.Unit.Versions;

/// <summary>
/// What was written once, for each version of a definition, and must stay true while transactions run under it. A new version's texts are
/// written when the tests run with <c>ATOMIC_KEEP=1</c>; what is there is never written again.
/// </summary>
internal static class Kept
{
    private const string Folder = "tests/Unit/Versions";

    public static IReadOnlyList<string> Names(string kind) =>
        [.. Repository.Files($"{Folder}/{kind}", "*").Select(path => Path.GetFileNameWithoutExtension(path))];

    /// <summary>The text as it is kept; null when there is none.</summary>
    public static string? Read(string kind, string name, Func<string> current)
    {
        var path = Repository.PathOf($"{Folder}/{kind}/{name}");
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("ATOMIC_KEEP") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, current());
        }

        return File.Exists(path) ? File.ReadAllText(path) : null;
    }
}

using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace Atomic.Unit.Architecture;

/// <summary>Where files are, how they are called and how long they get.</summary>
internal static partial class LayoutRules
{
    public const int LongestFile = 300;

    private static readonly string[] FoldersThatSayNothing =
        ["Models", "Helpers", "Utils", "Common", "Managers", "Factories", "Core", "Shared", "Misc"];

    // One place decides: the project that carries the packages, the default, and the app that is published with Microsoft's.
    private static readonly string[] KnowTheAzureSdk =
        ["src/AzureApi/AzureApi.csproj", "src/Directory.Build.props", "src/Functions/Functions.csproj", "src/Functions/Directory.Build.rsp"];

    /// <summary>Dot files stand beside the house, and what git ignores is not part of it.</summary>
    public static IEnumerable<string> OfRoot(IEnumerable<string> entries, string gitignore)
    {
        var ignored = gitignore.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Trim('/')).ToList();
        var visible = entries
            .Where(entry => !entry.StartsWith('.') && !ignored.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, entry, ignoreCase: false)))
            .ToList();
        return
        [
            .. visible.Except(House.Root).Select(entry => $"{entry} does not belong at the root"),
            .. House.Root.Except(visible).Select(entry => $"{entry} is missing at the root"),
        ];
    }

    public static IEnumerable<string> OfLength(IEnumerable<SourceFile> files) =>
        from file in files
        let lines = file.Text.TrimEnd('\n').Split('\n').Length
        where lines > LongestFile
        select $"{file.Path} has {lines} lines, of at most {LongestFile}";

    public static IEnumerable<string> OfFolders(IEnumerable<string> folders) =>
        folders.Where(folder => FoldersThatSayNothing.Contains(folder.Split('/')[^1], StringComparer.OrdinalIgnoreCase))
            .Select(folder => $"{folder} does not say what it holds");

    public static IEnumerable<string> OfAzureSdk(IEnumerable<(string Path, string Text)> files) =>
        files.Where(file => !KnowTheAzureSdk.Contains(file.Path) && XmlComment().Replace(file.Text, "").Contains("AzureSdk", StringComparison.Ordinal))
            .Select(file => $"{file.Path} mentions AzureSdk, which is decided in {string.Join(", ", KnowTheAzureSdk)}");

    public static IEnumerable<string> OfBannedSymbolFiles(IEnumerable<string> files, string targets) =>
        files.Where(file => !targets.Contains($"<AdditionalFiles Include=\"$(MSBuildThisFileDirectory){Path.GetFileName(file)}\"", StringComparison.Ordinal))
            .Select(file => $"{file} is no AdditionalFiles of src/Directory.Build.targets, so it bans nothing");

    [GeneratedRegex("<!--[\\s\\S]*?-->")]
    private static partial Regex XmlComment();

    public static IEnumerable<string> OfDecisions(IEnumerable<(string Path, string Text)> records)
    {
        var numbered = records.Select(record => (record.Path, record.Text, Number: Path.GetFileName(record.Path)[..4])).ToList();
        foreach (var (path, text, number) in numbered)
        {
            if (!text.StartsWith($"# {number.TrimStart('0')}. ", StringComparison.Ordinal)) yield return $"{path} is not titled with its number";
        }

        foreach (var same in numbered.GroupBy(record => record.Number).Where(same => same.Count() > 1))
            yield return $"{same.Key} is the number of {string.Join(" and ", same.Select(record => record.Path))}";
    }
}

using System.Text.RegularExpressions;
using Atomic.Testing;

namespace Atomic.Unit.Architecture;

/// <summary>A C# file, and its code without comments and without what stands in quotes.</summary>
internal sealed partial record SourceFile(string Path, string Text)
{
    public string Code { get; } = CommentsAndText().Replace(Text, match => match.Value[0] == '/' ? " " : "\"\"");

    /// <summary>The namespaces and types that using directives name.</summary>
    public IEnumerable<string> Usings => UsingDirective().Matches(Code).Select(match => match.Groups["name"].Value);

    public bool IsIn(string folder) => Path.StartsWith($"{folder}/", StringComparison.Ordinal);

    public static IReadOnlyList<SourceFile> In(string folder) =>
        [.. Repository.Files(folder, "*.cs").Select(path => new SourceFile(path, Repository.Read(path)))];

    [GeneratedRegex("""
        //[^\n]*
        | /\*[\s\S]*?\*/
        | \$*(?<quotes>"{3,})[\s\S]*?\k<quotes>(?!")
        | (?:@\$?|\$@)"(?:[^"]|"")*"
        | \$?"(?:\\.|[^"\\\n])*"
        | '(?:\\.[^']*|[^'\\\n])'
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CommentsAndText();

    [GeneratedRegex(@"^\s*(?:global\s+)?using\s+(?:static\s+)?(?:\w+\s*=\s*)?(?:global::)?(?<name>[\w.]+)[^;(]*;", RegexOptions.Multiline)]
    private static partial Regex UsingDirective();
}

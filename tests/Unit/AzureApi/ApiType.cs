using System.Text.RegularExpressions;

namespace Atomic.Unit.AzureApi;

/// <summary>A type as a list has it: the line that opens it and the lines of its members.</summary>
internal sealed partial record ApiType(string Name, string Declaration, IReadOnlyList<string> Members)
{
    public IEnumerable<string> AbstractMembers => Members.Where(member => AbstractMember().IsMatch(member));

    public IEnumerable<string> Usage => Members.Where(member => member.StartsWith("usage ", StringComparison.Ordinal));

    public static IReadOnlyList<ApiType> Parse(string text)
    {
        var types = new List<ApiType>();
        foreach (var block in text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            types.Add(new ApiType(NameIn(lines[0]), lines[0], [.. lines[1..].Select(line => line.Trim())]));
        }

        return types;
    }

    private static string NameIn(string declaration) => TypeLine().Match(declaration) is { Success: true } match
        ? match.Groups["name"].Value
        : throw new FormatException($"Not the first line of a type: '{declaration}'");

    [GeneratedRegex(@"^type (?:(?:public|protected|internal|static|abstract|sealed|readonly|ref|record|class|struct|interface|enum|delegate) )+(?<name>.+?)(?: : .*| where .*)?$")]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^(?:property|event|method) (?:(?:public|protected|internal|required|static) )+abstract ")]
    private static partial Regex AbstractMember();
}

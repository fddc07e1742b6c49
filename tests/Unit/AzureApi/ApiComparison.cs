using System.Text.RegularExpressions;

namespace Atomic.Unit.AzureApi;

/// <summary>
/// Holds declarations to a list: they may declare less, never anything else. An abstract class or interface
/// has every abstract member of the list, and an attribute the usage, since leaving those out promises something else.
/// </summary>
internal static partial class ApiComparison
{
    public static IReadOnlyList<string> Differences(IEnumerable<Type> declared, IEnumerable<ApiType> listed)
    {
        // Two of Microsoft's assemblies may hold a type of the same name; a declaration is one of them.
        var byName = listed.ToLookup(type => type.Name, StringComparer.Ordinal);
        return
        [
            .. declared
                .SelectMany(type => ApiType.Parse(ApiText.Of(type)))
                .SelectMany(type => byName[type.Name].Select(real => Differences(type, real).ToList()).MinBy(found => found.Count)
                    ?? [$"{type.Name} is not a type of Microsoft's."]),
        ];
    }

    private static IEnumerable<string> Differences(ApiType declared, ApiType listed)
    {
        if (declared.Declaration != listed.Declaration)
        {
            yield return $"{declared.Name} is declared differently.\n    declared: {declared.Declaration}\n    listed:   {listed.Declaration}";
        }

        foreach (var member in declared.Members.Except(listed.Members))
        {
            var similar = listed.Members.Where(candidate => Subject(candidate) == Subject(member)).Select(candidate => $"\n    listed:   {candidate}");
            yield return $"{declared.Name} declares what is not listed.\n    declared: {member}{string.Concat(similar)}";
        }

        foreach (var member in listed.AbstractMembers.Except(declared.Members))
        {
            yield return $"{declared.Name} lacks an abstract member.\n    listed:   {member}";
        }

        foreach (var usage in listed.Usage.Except(declared.Members))
        {
            yield return $"{declared.Name} lacks its attribute usage.\n    listed:   {usage}";
        }
    }

    // The kind of the member and its name, to find what was probably meant.
    private static string Subject(string member)
    {
        var head = member.Split('(', '{', '=')[0];
        for (var bare = TypeArguments().Replace(head, ""); bare != head; bare = TypeArguments().Replace(head, ""))
        {
            head = bare;
        }

        var words = head.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return $"{words[0]} {words[^1].Split('[')[0]}";
    }

    [GeneratedRegex("<[^<>]*>")]
    private static partial Regex TypeArguments();
}

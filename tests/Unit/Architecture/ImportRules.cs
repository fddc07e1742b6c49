using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Atomic.Unit.Architecture;

/// <summary>The import bans, each as a function from what is there to what must not be.</summary>
internal static class ImportRules
{
    private static readonly Dictionary<string, string> Owners = new()
    {
        ["Azure.Data.Tables"] = "TableStorage",
        ["Azure.Storage.Blobs"] = "TableStorage",
        ["Microsoft.Data.Sqlite"] = "LocalHost",
        ["LocalHost"] = "LocalHost",
    };

    public static IEnumerable<string> OfProject(string name, string csproj)
    {
        if (!House.Projects.TryGetValue(name, out var allowed))
        {
            return [$"src/{name} is not a project of the house; say in {nameof(House)} what it may refer to"];
        }

        var project = XDocument.Parse(csproj);
        return
        [
            .. Includes(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))
                .Except(allowed.Projects.Split(' ')).Select(other => $"src/{name} refers to the project {other}"),
            .. Includes(project, "PackageReference")
                .Except(allowed.Packages.Split(' ')).Select(package => $"src/{name} refers to the package {package}"),
            .. Includes(project, "FrameworkReference").Where(_ => IsPure(name))
                .Select(framework => $"src/{name} is pure and refers to the framework {framework}"),
        ];
    }

    /// <summary>What a compiled project refers to, whichever way it came by it.</summary>
    public static IEnumerable<string> OfAssembly(string name, IEnumerable<string> references, IReadOnlySet<string> baseLibrary)
    {
        var projects = Transitive(name);
        return references
            .Where(reference => (Owners.TryGetValue(reference, out var owner) && owner != name)
                || (reference.StartsWith("Atomic.", StringComparison.Ordinal) && !projects.Contains(reference["Atomic.".Length..]))
                || (IsPure(name) && !reference.StartsWith("Atomic.", StringComparison.Ordinal) && !baseLibrary.Contains(reference)))
            .Select(reference => $"Atomic.{name} refers to the assembly {reference}");
    }

    public static IEnumerable<string> OfOwnedNames(IEnumerable<SourceFile> files) =>
        from file in files
        from owned in Owners
        where !file.IsIn($"src/{owned.Value}") && Names(file, owned.Key)
        select $"{file.Path} names {owned.Key}, which only src/{owned.Value} does";

    public static IEnumerable<string> OfPureCode(IEnumerable<SourceFile> files) =>
        from project in House.Pure.Split(' ')
        from file in files
        where file.IsIn($"src/{project}")
        from used in file.Usings
        where !IsWithin(used, "System") && !Transitive(project).Any(known => IsWithin(used, $"Atomic.{known}"))
        select $"{file.Path} is pure and uses {used}";

    /// <summary>A context is known to the others by its messages on the bus, and to transactions by nothing.</summary>
    public static IEnumerable<string> OfContexts(IEnumerable<SourceFile> files) =>
        from context in House.Contexts
        from file in files
        where file.IsIn($"src/Services/{context}")
        from other in House.Contexts.Except([context]).Append("Transactions")
        where file.Usings.Any(used => used.Split('.').Contains(other)) || Names(file, $"Services.{other}") || Names(file, $"Atomic.{other}") || IsPrefix(file, other)
        select $"{file.Path} names {other}";

    public static IEnumerable<string> OfFunctions(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsIn("src/Functions")
        from secret in new[] { "EMBEDDED", "Atomic.AzureApi", "LocalHost", "AzureSdk" }
        where Names(file, secret)
        select $"{file.Path} names {secret}: function classes do not know which packages they are built against, or who runs them";

    // Bans hold by namespace, so a file may not leave the namespace of its project, or a context's file that of its context.
    public static IEnumerable<string> OfNamespaces(IEnumerable<SourceFile> files) =>
        from file in files
        let path = file.Path.Split('/')
        where path is ["src", not "AzureApi", _, ..]
        let expected = path is ["src", "Services", var context, _, ..] ? $"Atomic.Services.{context}" : $"Atomic.{path[1]}"
        from Match declared in Regex.Matches(file.Code, @"^\s*namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline)
        where !IsWithin(declared.Groups["name"].Value, expected)
        select $"{file.Path} declares the namespace {declared.Groups["name"].Value}, outside {expected}";

    private static IEnumerable<string> Includes(XDocument project, string item) =>
        project.Descendants(item).Select(element => element.Attribute("Include")?.Value).OfType<string>();

    private static HashSet<string> Transitive(string name) =>
        House.Projects.TryGetValue(name, out var allowed) && allowed.Projects.Length > 0
            ? [name, .. allowed.Projects.Split(' ').SelectMany(Transitive)]
            : [name];

    private static bool IsPure(string name) => House.Pure.Split(' ').Contains(name);

    private static bool IsWithin(string name, string parent) => name == parent || name.StartsWith($"{parent}.", StringComparison.Ordinal);

    private static bool Names(SourceFile file, string name) => Regex.IsMatch(file.Code, $@"(?<!\w){Regex.Escape(name)}(?!\w)");

    // `Inventory.StockItem`, but not `order.Inventory.Count`.
    private static bool IsPrefix(SourceFile file, string name) => Regex.IsMatch(file.Code, $@"(?<![\w.]){name}\s*\.");
}

using System.Reflection;
using System.Text.Json;
using System.Xml.Linq;
using Atomic.Testing;

namespace Atomic.Integration.Delivery;

/// <summary>The packages of the lock files, and the licence that each was published under.</summary>
internal static class Licences
{
    /// <summary>Licences that ask for no more than to be named.</summary>
    public static readonly string[] Accepted = ["0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"];

    /// <summary>What Azurite is installed from.</summary>
    public const string NpmLockFile = "src/LocalHost/Azurite/package-lock.json";

    // Packages from before licences were named by an expression: read once, by hand.
    private static readonly Dictionary<string, string> Read = new()
    {
        ["NCrontab 3.4.0"] = "Apache-2.0",
        ["uri-templates 0.2.0"] = "MIT",
        ["System.Security.Cryptography.ProtectedData 4.5.0"] = "MIT",
        ["xunit.abstractions 2.0.3"] = "Apache-2.0",
    };

    private static readonly string Folder = typeof(Licences).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "NuGetPackageRoot").Value!;

    public static IReadOnlyList<string> LockFiles => [.. Repository.Files("src", "packages.embedded.lock.json"), .. Repository.Files("tests", "packages.embedded.lock.json")];

    /// <summary>Every package, its licence, and whether it is used in src, or in tests alone.</summary>
    public static IReadOnlyList<(string Name, string Version, string Licence, bool IsInSource)> All => [.. LockFiles
        .SelectMany(file => Packages(file).Select(package => (package, IsInSource: file.StartsWith("src/", StringComparison.Ordinal))))
        .GroupBy(each => each.package, each => each.IsInSource)
        .Select(uses => (uses.Key.Name, uses.Key.Version, Of(uses.Key.Name, uses.Key.Version), uses.Any(shipped => shipped)))
        .OrderBy(each => each.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>src/docs/licences.md as it has to be.</summary>
    public static string Page => $"""
        # Licences

        What the packages of the lock files are published under. Those marked with a star are used in src, the others in tests alone.
        A test holds this page to the lock files.

        | package | version | licence |
        |---|---|---|
        {string.Join('\n', All.Select(each => $"| {each.Name}{(each.IsInSource ? " \\*" : "")} | {each.Version} | {each.Licence} |"))}

        ## Azurite

        What the local host installs from npm, to run beside it: nothing of it is deployed.

        | package | version | licence |
        |---|---|---|
        {string.Join('\n', OfNpm.Select(each => $"| {each.Name} | {each.Version} | {each.Licence} |"))}

        """;

    /// <summary>Every package that Azurite brings, itself included.</summary>
    public static IReadOnlyList<(string Name, string Version, string Licence)> OfNpm
    {
        get
        {
            using var document = JsonDocument.Parse(Repository.Read(NpmLockFile));
            return [.. document.RootElement.GetProperty("packages").EnumerateObject().Where(package => package.Name.Length > 0)
                .Select(package => (Name: package.Name.Split("node_modules/")[^1], Version: package.Value.GetProperty("version").GetString()!, package.Value))
                .Select(package => (package.Name, package.Version, Read.GetValueOrDefault($"{package.Name} {package.Version}") ?? package.Value.GetProperty("license").GetString()!))
                .Distinct().OrderBy(package => package.Name, StringComparer.Ordinal).ThenBy(package => package.Version, StringComparer.Ordinal)];
        }
    }

    private static IEnumerable<(string Name, string Version)> Packages(string lockFile)
    {
        using var document = JsonDocument.Parse(Repository.Read(lockFile));
        return
        [
            .. from framework in document.RootElement.GetProperty("dependencies").EnumerateObject()
               from package in framework.Value.EnumerateObject()
               where package.Value.GetProperty("type").GetString() != "Project"
               select (package.Name, package.Value.GetProperty("resolved").GetString()!),
        ];
    }

    private static string Of(string name, string version)
    {
        if (Read.TryGetValue($"{name} {version}", out var licence)) return licence;
        var id = name.ToLowerInvariant();
        var specification = XDocument.Load(Path.Combine(Folder, id, version, $"{id}.nuspec"));
        var declared = specification.Descendants().FirstOrDefault(element => element.Name.LocalName == "license");
        return declared?.Attribute("type")?.Value == "expression" ? declared.Value : "unknown";
    }
}

using System.Text.Json;
using Atomic.LocalHost.Azurite;
using Atomic.Testing;
using Xunit;

namespace Atomic.Integration.Delivery;

/// <summary>What the product is made of is known, fixed, and may be used.</summary>
public sealed class Supply_chain
{
    public static TheoryData<string> Projects => new(Repository.Files("src", "*.csproj").Concat(Repository.Files("tests", "*.csproj")));

    public static TheoryData<string> LockFiles => new(Licences.LockFiles);

    [Theory]
    [MemberData(nameof(Projects))]
    public void Locks_the_packages_of_every_project(string project) =>
        Assert.Contains($"{project[..project.LastIndexOf('/')]}/packages.embedded.lock.json", Licences.LockFiles);

    [Theory]
    [MemberData(nameof(LockFiles))]
    public void Knows_every_package_by_its_content(string lockFile)
    {
        using var document = JsonDocument.Parse(Repository.Read(lockFile));
        var packages = document.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Value.GetProperty("type").GetString() != "Project");

        Assert.All(packages, package => Assert.Equal(64, Convert.FromBase64String(package.Value.GetProperty("contentHash").GetString()!).Length));
    }

    [Fact]
    public void Uses_what_asks_for_no_more_than_to_be_named() =>
        Assert.DoesNotContain(
            Licences.All.Select(package => (package.Name, package.Licence)).Concat(Licences.OfNpm.Select(package => (package.Name, package.Licence))),
            package => !Licences.Accepted.Contains(package.Licence));

    [Fact]
    public void Locks_Azurite_and_all_that_it_brings()
    {
        using var document = JsonDocument.Parse(Repository.Read(Licences.NpmLockFile));
        var packages = document.RootElement.GetProperty("packages").EnumerateObject().ToList();

        Assert.Equal(AzuriteOptions.Version, packages.Single(package => package.Name == "node_modules/azurite").Value.GetProperty("version").GetString());
        Assert.Equal(AzuriteOptions.Version, packages[0].Value.GetProperty("dependencies").GetProperty("azurite").GetString());
        Assert.All(packages.Skip(1), package => Assert.StartsWith("sha512-", package.Value.GetProperty("integrity").GetString(), StringComparison.Ordinal));
        // From wherever whoever installs it has their packages from.
        Assert.DoesNotContain(packages, package => package.Value.TryGetProperty("resolved", out _));
    }

    [Fact]
    public void Names_every_licence()
    {
        var page = Licences.Page;
        if (Repository.Read("src/docs/licences.md") == page) return;
        var expected = Path.Combine(Path.GetTempPath(), "licences.md");
        File.WriteAllText(expected, page);
        Assert.Fail($"src/docs/licences.md does not say what the lock files hold. What it has to say is in {expected}: read what has changed, then copy it.");
    }

    [Fact]
    public async Task Lists_what_is_used_in_its_bill_of_materials()
    {
        using var bill = JsonDocument.Parse(await BillOfMaterials.ReadAsync());
        var listed = bill.RootElement.GetProperty("components").EnumerateArray()
            .Select(component => $"{component.GetProperty("name").GetString()} {component.GetProperty("version").GetString()}").ToHashSet(StringComparer.OrdinalIgnoreCase);

        Assert.Empty(Licences.All.Where(package => package.IsInSource).Select(package => $"{package.Name} {package.Version}").Except(listed, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void Pins_the_tools_that_builds_use()
    {
        using var manifest = JsonDocument.Parse(Repository.Read(".config/dotnet-tools.json"));

        Assert.All(manifest.RootElement.GetProperty("tools").EnumerateObject(), tool =>
        {
            Assert.True(Version.TryParse(tool.Value.GetProperty("version").GetString(), out _), $"{tool.Name} has no exact version");
            Assert.False(tool.Value.GetProperty("rollForward").GetBoolean(), $"{tool.Name} may be another version");
        });
    }

    [Fact]
    public void Takes_packages_in_exact_versions() =>
        Assert.DoesNotContain(Repository.Read("src/Directory.Packages.props").Split('\n'), line =>
            line.Contains("<PackageVersion ", StringComparison.Ordinal) && (line.Contains('*', StringComparison.Ordinal) || line.Contains('[', StringComparison.Ordinal)));
}

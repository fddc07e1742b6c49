using Atomic.Testing;
using Xunit;

namespace Atomic.Unit.Architecture;

public sealed class Layout
{
    [Fact]
    public void Shows_the_house_at_the_root_and_nothing_else() =>
        Offenders.None("The visible root is fixed:", LayoutRules.OfRoot(Repository.Entries(), Repository.Read(".gitignore")));

    [Fact]
    public void Keeps_files_short() =>
        Offenders.None("A file is too long to be read at once:", LayoutRules.OfLength(SourceFile.In("src").Concat(SourceFile.In("tests"))));

    [Fact]
    public void Names_folders_after_what_they_hold() =>
        Offenders.None("A folder is a noun of the domain or a use case:", LayoutRules.OfFolders(Repository.Folders("src").Concat(Repository.Folders("tests"))));

    [Fact]
    public void Decides_between_the_two_sets_of_packages_in_one_place()
    {
        string[] builds = ["*.csproj", "*.props", "*.targets", "*.rsp"];
        var files = from folder in new[] { "src", "tests" }
                    from pattern in builds
                    from path in Repository.Files(folder, pattern)
                    select path;

        Offenders.None("One place decides which packages are used:", LayoutRules.OfAzureSdk(
            files.Concat(Repository.Files("src", "*.cs")).Append("Functions.sln").Append("host.json").Select(path => (path, Repository.Read(path)))));
    }

    [Fact]
    public void Puts_every_list_of_banned_symbols_to_use() =>
        Offenders.None("A list of banned symbols is not in use:",
            LayoutRules.OfBannedSymbolFiles(Repository.Files("src", "BannedSymbols*.txt"), Repository.Read("src/Directory.Build.targets")));

    [Fact]
    public void Marks_pure_projects_as_pure() =>
        Offenders.None("The bans of BannedSymbols.Pure.txt do not reach a pure project:", House.Pure.Split(' ')
            .Where(project => !Repository.Read($"src/{project}/{project}.csproj").Contains("<Pure>true</Pure>", StringComparison.Ordinal)));

    [Fact]
    public void Numbers_every_decision_once_and_titles_it_with_its_number() =>
        Offenders.None("A decision is numbered in its file name and its title, and no two alike:", LayoutRules.OfDecisions(
            Repository.Files("src/docs/adr", "*.md").Select(path => (path, Repository.Read(path)))));

    [Fact]
    public void Keeps_the_README_to_150_lines() => Assert.InRange(Repository.Read("README.md").TrimEnd().Split('\n').Length, 1, 150);
}

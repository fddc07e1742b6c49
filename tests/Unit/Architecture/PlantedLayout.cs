using Xunit;

namespace Atomic.Unit.Architecture;

/// <summary>Every rule of the layout is seen to fail.</summary>
public sealed class PlantedLayout
{
    [Fact]
    public void Notes_at_the_root_are_seen() =>
        Assert.Equal(["PLAN.md does not belong at the root"], LayoutRules.OfRoot([.. House.Root, ".ci", "TestResults", "build.log", "PLAN.md"], "TestResults/\n*.log\n"));

    [Fact]
    public void A_missing_entry_at_the_root_is_seen() =>
        Assert.Equal(["host.json is missing at the root"], LayoutRules.OfRoot(House.Root.Except(["host.json"]), ""));

    [Theory]
    [InlineData(LayoutRules.LongestFile, 0)]
    [InlineData(LayoutRules.LongestFile + 1, 1)]
    public void A_file_is_too_long_beyond_the_limit(int lines, int offenders) =>
        Assert.Equal(offenders, LayoutRules.OfLength([new("src/A.cs", string.Concat(Enumerable.Repeat("a\n", lines)))]).Count());

    [Fact]
    public void A_folder_that_says_nothing_is_seen() =>
        Assert.Equal(["src/Functions/helpers does not say what it holds"], LayoutRules.OfFolders(["src/Functions", "src/Functions/helpers", "src/CoreBanking"]));

    [Fact]
    public void A_second_place_that_decides_between_packages_is_seen() =>
        Assert.StartsWith("src/LocalHost/LocalHost.csproj mentions AzureSdk", Assert.Single(
            LayoutRules.OfAzureSdk([("src/AzureApi/AzureApi.csproj", "AzureSdk"), ("src/LocalHost/LocalHost.csproj", "'$(AzureSdk)' == 'nuget'")])), StringComparison.Ordinal);

    [Fact]
    public void A_list_of_banned_symbols_that_nobody_reads_is_seen() =>
        Assert.StartsWith("src/BannedSymbols.Json.txt", Assert.Single(LayoutRules.OfBannedSymbolFiles(
            ["src/BannedSymbols.txt", "src/BannedSymbols.Json.txt"],
            "<AdditionalFiles Include=\"$(MSBuildThisFileDirectory)BannedSymbols.txt\" />")), StringComparison.Ordinal);

    [Fact]
    public void Two_decisions_of_one_number_and_a_title_of_another_are_seen() =>
        Assert.Equal(
            ["adr/0002-b.md is not titled with its number", "0001 is the number of adr/0001-a.md and adr/0001-c.md"],
            LayoutRules.OfDecisions([("adr/0001-a.md", "# 1. A"), ("adr/0002-b.md", "# 3. B"), ("adr/0001-c.md", "# 1. C")]));
}

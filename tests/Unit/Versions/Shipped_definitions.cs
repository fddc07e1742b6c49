using Atomic.Functions.Definitions;
using Atomic.Testing;
using Atomic.Transactions;
using Xunit;

namespace Atomic.Unit.Versions;

/// <summary>A shipped version of a definition never changes: transactions may be running under it.</summary>
public sealed class Shipped_definitions
{
    public static TheoryData<string> Versions => new(ShippedDefinitions.All.Select(type => NameOf(type.Definition)));

    [Theory]
    [MemberData(nameof(Versions))]
    public void Are_as_they_were_when_they_were_shipped(string name)
    {
        var definition = ShippedDefinitions.All.Select(type => type.Definition).Single(one => NameOf(one) == name);

        var kept = Kept.Read("Definitions", $"{name}.txt", definition.Describe);

        Assert.True(kept is not null, $"{name} is not kept yet: run this test once with ATOMIC_KEEP=1.");
        Assert.True(kept == definition.Describe(), $"{name} has changed. Give it a new version, and leave the old one as it is:\n{kept}\nis now\n{definition.Describe()}");
    }

    [Fact]
    public void Stay_for_as_long_as_they_are_kept() =>
        Assert.Empty(Kept.Names("Definitions").Except(ShippedDefinitions.All.Select(type => NameOf(type.Definition))));

    [Fact]
    public void Have_a_text_that_tells_every_change_of_how_they_run()
    {
        var changes = new Func<DefinitionBuilder<string>, DefinitionBuilder<string>>[]
        {
            d => d.Step("a", "p", _ => 1, undoneBy: _ => "").Step("b", "p", _ => 1, undoneBy: _ => ""),
            d => d.Step("a", "p", _ => 1, undoneBy: _ => "").Step("b", "p", _ => 1, undoneBy: _ => "", after: []),
            d => d.Step("a", "p", _ => 1, undoneBy: _ => "").Step("b", "q", _ => 1, undoneBy: _ => ""),
            d => d.Step("a", "p", _ => 1, undoneBy: _ => "").Step("b", "p", _ => 1L, undoneBy: _ => ""),
            d => d.Step("a", "p", _ => 1, undoneBy: _ => "").Step("b", "p", _ => 1, undoneBy: _ => 1L),
            d => d.Step("a", "p", _ => 1, undoneBy: _ => "").Step("b", "p", _ => 1, undoneBy: _ => "", held: true),
            d => d.Step("a", "p", _ => 1, undoneBy: _ => "").Step("b", "p", _ => 1, undoneBy: _ => "", when: _ => true),
            d => d.Step("a", "p", _ => 1, undoneBy: _ => "").Step("b", "p", _ => 1, undoneBy: _ => "", retry: Retry.Default with { Attempts = 6 }),
            d => d.Step("a", "p", _ => 1, undoneBy: _ => "").StepWithNothingToUndo("b", "p", _ => 1),
            d => d.Step("a", "p", _ => 1, undoneBy: _ => "").Decision("b", "p", _ => 1, TimeSpan.FromHours(1)),
            d => d.Step("a", "p", _ => 1, undoneBy: _ => "").Pivot("b", "p", _ => 1),
            d => d.Step("a", "p", _ => 1, undoneBy: _ => "").Step("b", "p", _ => 1, undoneBy: _ => "").Deadline(TimeSpan.FromHours(1)),
        };

        var texts = changes.Select(change => change(new DefinitionBuilder<string>("d", 1)).Build().Describe()).ToList();

        Assert.Equal(texts.Count, texts.Distinct().Count());
    }

    // The whole of it: the definition, its aggregate, and how it is reached.
    [Fact]
    public void Take_few_lines()
    {
        var files = new[] { "src/Functions/Definitions/TransferMoney.cs", "src/Services/Accounts/Account.cs", "src/Functions/Participants/AccountsParticipant.cs" };

        Assert.InRange(files.Sum(file => Repository.Read(file).Split('\n').Length), 1, 119);
    }

    internal static string NameOf(Definition definition) => $"{definition.Name}.v{definition.Version}";
}

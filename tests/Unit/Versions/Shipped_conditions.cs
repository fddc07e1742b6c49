using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Services;
using Atomic.Transactions;
using Xunit;

namespace Atomic.Unit.Versions;

/// <summary>
/// Which steps an input leaves out is asked again whenever a running transaction goes on, so a condition that moves lets it stray. For each
/// shipped version with conditions it is kept what came of inputs on either side of each, and as near to it as they can be.
/// </summary>
public sealed class Shipped_conditions
{
    private const string Leads = " => ";

    private static readonly Dictionary<string, IReadOnlyList<object>> Probes = new()
    {
        ["book-trip.v1"] =
        [
            .. from price in new[] { 0.01m, 999.99m, 1_000m, 1_000.01m, 1_200m, 1_500m, 2_000m, 1_000_000m }
               from currency in new[] { "EUR", "JPY" }
               from car in new OfferCode?[] { null, new OfferCode("car-1") }
               select new BookTrip(
                   new OfferCode("flight-1"), new OfferCode("hotel-1"), 2, new Money(price, currency), new CardNumber("4111111111111234"), car, new TripId("t-1")),
        ],
    };

    public static TheoryData<string> Versions => new(ShippedDefinitions.All
        .Where(type => Conditional(type.Definition).Any()).Select(type => Shipped_definitions.NameOf(type.Definition)));

    [Theory]
    [MemberData(nameof(Versions))]
    public void Choose_the_steps_that_they_chose_when_they_were_shipped(string name)
    {
        var type = TypeOf(name);
        var kept = LinesOf(name);

        Assert.Equal(kept, kept.Select(line => Line(type.Definition, type, line.Split(Leads)[0])));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Are_kept_with_inputs_on_either_side(string name)
    {
        var chosen = LinesOf(name).Select(line => line.Split(Leads)[1].Split(' ').Select(step => step.Split('<')[0]).ToHashSet()).ToList();

        Assert.All(Conditional(TypeOf(name).Definition), step =>
            Assert.True(chosen.Any(steps => steps.Contains(step.Name)) && chosen.Any(steps => !steps.Contains(step.Name)), step.Name));
    }

    [Fact]
    public void Are_told_from_one_that_has_moved()
    {
        var type = TypeOf("book-trip.v1");
        var moved = Definition.Build(
            "book-trip", 1, typeof(BookTrip),
            [.. type.Definition.Steps.Select(step => step.Name == "approve" ? step with { When = input => ((BookTrip)input).Price.Amount > 1_500 } : step)],
            type.Definition.Pivot, type.Definition.Deadline);

        var strays = LinesOf("book-trip.v1").Where(line => line != Line(moved, type, line.Split(Leads)[0])).ToList();

        Assert.Equal(type.Definition.Describe(), moved.Describe());
        Assert.NotEmpty(strays);
        Assert.All(strays, line => Assert.Contains("approve", line, StringComparison.Ordinal));
    }

    private static List<string> LinesOf(string name)
    {
        var type = TypeOf(name);
        var kept = Kept.Read("Conditions", $"{name}.txt", () => string.Concat(
            Probes[name].Select(input => $"{Line(type.Definition, type, JsonSerializer.Serialize(input, type.Definition.InputType, StorageJson.Options))}\n")));
        Assert.True(kept is not null, $"{name} has conditions, and what they choose is not kept yet: give it probes, and run this test once with ATOMIC_KEEP=1.");
        return [.. kept.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>An input, and each step that it makes the transaction run with those it comes after.</summary>
    private static string Line(Definition definition, TransactionType type, string input)
    {
        using var json = JsonDocument.Parse(input);
        var steps = definition.For(type.Restore(json.RootElement)).Steps;
        return $"{input}{Leads}{string.Join(' ', steps.Select(step => $"{step.Name}<{string.Join('+', step.After)}"))}";
    }

    private static TransactionType TypeOf(string name) => ShippedDefinitions.All.Single(type => Shipped_definitions.NameOf(type.Definition) == name);

    private static IEnumerable<StepDefinition> Conditional(Definition definition) => definition.Declared.Steps.Where(step => step.When is not null);
}

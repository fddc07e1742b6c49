using Atomic.Functions.Bus;
using Atomic.Functions.Costs;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Transactions;
using Atomic.Transactions.Costs;
using Atomic.Unit.Coordination;
using Xunit;

namespace Atomic.Unit.Costs;

/// <summary>What shipped definitions use, reckoned by hand; and of graphs of other shapes what must hold.</summary>
public sealed class Predicted_costs
{
    private static readonly CostBasis Basis = new(BusTopology.Declared.Readers, hasProvider: false);
    private static readonly TransactionCosts Costs = new(new PriceList(), Basis);

    [Theory]
    // Seven streams, and twice who watches; seven events, the start, the record: 3 subscriptions take ordering's two, 2 take payments' three.
    [InlineData("place-order", Coupling.Requests, null, 9, 9, 16, 7, 57)]
    // A command and a reply more for each of six steps, an event raised at the orchestrator for each reply, and a timer.
    [InlineData("place-order", Coupling.Commands, null, 9, 21, 28, 7, 85)]
    // The same seven streams and events; for the start a command, a stream and its event; seven facts, of which all but the last concern somebody.
    [InlineData("place-order", Coupling.Events, null, 15, 16, 29, 0, 0)]
    // Three streams are written and one refuses; two are undone.
    [InlineData("place-order", Coupling.Requests, "book-shipment", 7, 7, 11, 6, 50)]
    [InlineData("transfer-money", Coupling.Requests, null, 6, 5, 2, 5, 43)]
    [InlineData("transfer-money", Coupling.Commands, null, 6, 13, 10, 5, 63)]
    [InlineData("transfer-money", Coupling.Events, null, 10, 10, 11, 0, 0)]
    [InlineData("transfer-money", Coupling.Requests, "deposit", 6, 5, 2, 5, 43)]
    // The check is asked twice whether it is undone, each time for three requests.
    [InlineData("transfer-money", Coupling.Events, "deposit", 17, 11, 13, 0, 0)]
    public void Are_as_reckoned(
        string definition, string coupling, string? refused, int requests, int sent, int delivered, int activities, int engine)
    {
        var used = Costs.Predict(Of(definition), null, coupling, refused is null ? [] : [refused]);

        Assert.Equal(
            (requests, sent, delivered, activities, engine),
            (used.Requests, used.Sent, used.Delivered, used.Activities, used.EngineQueueOperations + used.EngineTableOperations));
    }

    [Fact]
    public void Grow_with_the_streams_that_an_input_names()
    {
        var order = Shop.Order() with { Lines = [.. Enumerable.Range(0, 3).SelectMany(n => Shop.Order().Lines.Select(line => line with { Sku = new($"tea-{n}") }))] };

        var used = new OrchestratedCost(Of("place-order"), order, Basis, byCommand: false).Predict([]);

        Assert.Equal((9 + 2, 9 + 2), (used.Requests, used.Sent));
    }

    [Fact]
    public void Know_of_a_provider()
    {
        var reaching = new OrchestratedCost(Of("place-order"), null, new CostBasis(BusTopology.Declared.Readers, hasProvider: true), byCommand: false);

        // Before the effect started is written, after it the record is looked for.
        Assert.Equal(9 + 6, reaching.Predict([]).Requests);
        // The refusal comes from the card, before the provider is asked.
        Assert.Equal(Costs.Predict(Of("place-order"), null, Coupling.Requests, ["authorize-payment"]), reaching.Predict(["authorize-payment"]));
        // What is undone is voided there.
        Assert.Equal(Costs.Predict(Of("place-order"), null, Coupling.Requests, ["capture-payment"]).Requests + 6 + 1, reaching.Predict(["capture-payment"]).Requests);
    }

    [Fact]
    public void Leave_out_steps_whose_condition_says_no()
    {
        var (all, some) = (Of("book-trip"), Sample.All["book-trip, dear and without a car"]);

        var without = new ChoreographedCost(some.Effective, some.Input, Basis).Predict([]);

        Assert.True(without.Requests < new ChoreographedCost(all, null, Basis).Predict([]).Requests);
    }

    [Fact]
    public void Count_what_a_join_remembers()
    {
        var joined = Diamond(after: ["b", "c"]);
        var chained = Diamond(after: ["c"]);

        // Two facts are heard: the row is looked for and written, then written again.
        Assert.Equal(
            new ChoreographedCost(chained, null, Basis).Predict([]).Requests + 3,
            new ChoreographedCost(joined, null, Basis).Predict([]).Requests);
    }

    [Fact]
    public void Of_nested_steps_are_those_of_the_steps()
    {
        var child = new DefinitionBuilder<string>("child", 1).Step("a", "p", _ => 1, undoneBy: _ => "").WritesTo(input => input.Length).Build();
        var outer = new DefinitionBuilder<string>("outer", 1).Nested("n", child, (string input) => input + "x").Build();

        var used = new OrchestratedCost(outer, "12", Basis, byCommand: false).Predict([]);

        Assert.Equal(3 + 2, used.Requests);
    }

    [Fact]
    public void Are_given_for_every_end_in_every_coupling()
    {
        var known = Costs.Of(Of("transfer-money")).ToList();

        Assert.Equal(
            from coupling in Coupling.All from step in new[] { null, "check-limit", "withdraw", "deposit" } select (coupling, step),
            known.Select(one => (one.Coordination, one.RefusedAt)));
        Assert.All(known, one => Assert.True(one.Cost.Price.Amount > 0));
    }

    private static Definition Of(string name) => ShippedDefinitions.All.Single(type => type.Definition.Name == name).Definition;

    private static Definition Diamond(string[] after) => new DefinitionBuilder<string>("diamond", 1)
        .Step("a", "p", _ => 1, undoneBy: _ => "")
        .Step("b", "p", _ => 1, undoneBy: _ => "", after: ["a"])
        .Step("c", "q", _ => 1, undoneBy: _ => "", after: after.Contains("b") ? ["a"] : ["b"])
        .Pivot("d", "r", _ => 1, after: after)
        .Build();
}

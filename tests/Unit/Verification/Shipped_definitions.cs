using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Services;
using Atomic.Services.Inventory;
using Atomic.Services.Ordering;
using Atomic.Verification;
using Atomic.Verification.Faults;
using Xunit;
using Xunit.Abstractions;

namespace Atomic.Unit.Verification;

/// <summary>Whatever goes wrong once with a shipped definition, in whichever coupling: all of it, or nothing, or parked with a reason.</summary>
public sealed class Shipped_definitions(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. ShippedScenarios.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Keep_their_promise_with_every_single_fault(string name)
    {
        var scenario = ShippedScenarios.All.Single(one => one.Name == name);

        var verdict = await Verify.AllSinglesAsync(scenario);

        output.WriteLine(verdict.ToString());
        Assert.All(Coupling.All, coupling => Assert.Equal(
            Enum.GetValues<FaultClass>(), verdict.Covered.Where(one => one.Coupling == coupling).Select(one => one.Class).Order()));
        Assert.All(verdict.Covered, one => Assert.True(one.Runs > 0 && one.States > 1, $"{one}"));
    }

    [Fact]
    public async Task Keep_it_where_a_step_writes_to_the_streams_of_several_products()
    {
        var (tea, pot) = (new OrderLine(new Sku("tea"), 2, new Money(10, "EUR")), new OrderLine(new Sku("pot"), 1, new Money(10, "EUR")));
        var shop = ShippedScenarios.PlaceOrder;
        var scenario = shop with
        {
            Input = (PlaceOrder)shop.Input with { Lines = [tea, pot] },
            Given = app =>
            {
                shop.Given(app);
                app.Seed("inventory", new AddStock(pot.Sku, 5));
            },
            Amounts = app => $"{shop.Amounts!(app)}, pots {app.Store.StateOf<StockItem>(pot.Sku.Value)}",
        };

        var verdict = await Verify.AllSinglesAsync(scenario, new VerificationOptions { Kinds = [FaultClass.FailsBefore, FaultClass.ReplyLost, FaultClass.Crash] });

        output.WriteLine(verdict.ToString());
    }

    [Fact]
    public void Are_all_verified() => Assert.Equal(
        ShippedDefinitions.All.Select(type => type.Definition.Name).Order(StringComparer.Ordinal),
        ShippedScenarios.All.Select(scenario => scenario.Type.Definition.Name).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Keep_it_in_an_order_by_chance_and_the_same_seed_gives_the_same_runs(int seed)
    {
        var options = new VerificationOptions { Seed = seed, Kinds = [FaultClass.LateEffect, FaultClass.OutOfOrder, FaultClass.Cancel] };

        var first = await Verify.AllSinglesAsync(ShippedScenarios.TransferMoney, options);
        var second = await Verify.AllSinglesAsync(ShippedScenarios.TransferMoney, options);

        Assert.Equal(first.Covered.OrderBy(one => $"{one}", StringComparer.Ordinal), second.Covered.OrderBy(one => $"{one}", StringComparer.Ordinal));
    }
}

using Atomic.Functions.Definitions;
using Atomic.Transactions;
using Xunit;

namespace Atomic.Unit.Transactions;

public sealed class Definitions
{
    private static readonly Retry Once = new(1, TimeSpan.Zero, TimeSpan.Zero);

    [Fact]
    public void Place_order_is_a_chain_around_its_pivot()
    {
        var kinds = PlaceOrder.Definition.Steps.Select(step => (step.Name, PlaceOrder.Definition.KindOf(step.Name), step.Compensation));

        Assert.Equal(
        [
            ("create-order", StepKind.Compensatable, "CancelOrder"),
            ("reserve-stock", StepKind.Compensatable, "ReleaseStock"),
            ("book-shipment", StepKind.Compensatable, "CancelShipment"),
            ("authorize-payment", StepKind.Compensatable, "VoidPayment"),
            ("capture-payment", StepKind.Pivot, null),
            ("confirm-order", StepKind.ForwardOnly, null),
        ], kinds);
    }

    [Fact]
    public void All_that_is_wrong_is_reported_together_with_the_steps_name()
    {
        StepDefinition[] steps =
        [
            Step("twice"), Step("twice"),
            Step("lost", after: ["nowhere"]),
            Step("round", after: ["trip"]), Step("trip", after: ["round"]),
            Step("aside"),
            Step("pivot", after: ["twice"], compensation: "Unpivot"),
            Step("later", after: ["pivot"], compensation: null, refusable: true),
            Step("bare", compensation: null),
        ];

        var problems = Assert.Throws<DefinitionException>(() => Definition.Build("bad", 0, typeof(object), steps, "pivot")).Problems;

        Assert.Contains("Its version is 0, and versions begin at 1.", problems);
        Assert.Contains("Step 'twice' is there 2 times.", problems);
        Assert.Contains("Step 'lost' comes after 'nowhere', which is no step.", problems);
        Assert.Contains("Step 'round' is on a cycle.", problems);
        Assert.Contains("Step 'aside' is neither before nor after the pivot 'pivot'.", problems);
        Assert.Contains("Step 'pivot' is never undone and has the compensation 'Unpivot'.", problems);
        Assert.Contains("Step 'later' is after the pivot and can be refused.", problems);
        Assert.Contains("Step 'bare' is before the pivot and has no compensation.", problems);
    }

    [Fact]
    public void A_deadline_shorter_than_the_retries_before_the_pivot_is_refused()
    {
        var patient = Step("patient") with { Retry = new Retry(3, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1)) };

        var e = Assert.Throws<DefinitionException>(() => Definition.Build("d", 1, typeof(object), [patient], null, TimeSpan.FromSeconds(29)));

        Assert.Contains("00:00:30", e.Message, StringComparison.Ordinal);
        Definition.Build("d", 1, typeof(object), [patient], null, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Waits_double_up_to_the_longest()
    {
        var retry = new Retry(5, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));

        Assert.Equal([1, 2, 3, 3], Enumerable.Range(1, 4).Select(attempt => retry.After(attempt).TotalSeconds));
        Assert.Equal(TimeSpan.FromSeconds(9), retry.Total);
    }

    private static StepDefinition Step(string name, string[]? after = null, string? compensation = "Undo", bool refusable = true) =>
        new(name, "here", "Do", compensation, after ?? [], input => input, compensation is null ? null : input => input)
        {
            Retry = Once,
            CanBeRefused = refusable,
        };
}

using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Services.Inventory;
using Atomic.Services.Ordering;
using Atomic.Transactions;
using Atomic.Verification.Simulation;
using Xunit;

namespace Atomic.Unit.Coordination;

/// <summary>One definition in each of its three couplings, over the app's own function classes in memory.</summary>
public sealed class Placing_an_order
{
    public static TheoryData<string> Couplings => [.. Coupling.All];

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Completes(string coupling)
    {
        using var app = Shop.Open();

        var ended = app.RunToEnd(app.Start("place-order", coupling, Shop.Order()));

        Assert.Equal(TransactionState.Completed, ended.State);
        Assert.All(ended.Steps, step => Assert.Equal(StepState.Succeeded, step.State));
        Assert.Equal(new StockItem(true, 5, 2), Shop.Stock(app));
        Assert.Equal(20, Shop.Used(app));
        Assert.Equal(OrderState.Confirmed, app.Store.StateOf<Order>("o-1").State);
        Assert.Empty(app.Bus.Failures);
    }

    [Fact]
    public void Is_found_by_its_id_however_late_its_start_comes_from_the_queue()
    {
        var faults = new FaultScript();
        using var app = Shop.Open(faults: faults);
        faults.On("queue transactions-commands", Fault.Held, times: 1);

        var id = app.Start("place-order", Coupling.Events, Shop.Order());

        Assert.Equal(id, app.Find(id).Id);
        Assert.Equal(TransactionState.Completed, app.RunToEnd(id).State);
        Assert.Equal((1, new StockItem(true, 5, 2)), (faults.Struck, Shop.Stock(app)));
        Assert.Empty(app.Bus.Failures);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Is_reverted_when_the_card_is_declined(string coupling)
    {
        using var app = Shop.Open();

        var ended = app.RunToEnd(app.Start("place-order", coupling, Shop.Order(price: 51)));

        Assert.Equal(TransactionState.Compensated, ended.State);
        Assert.Equal("authorize-payment: The card is over its limit of 100.00 EUR.", ended.Reason);
        Assert.Equal(
            [StepState.Undone, StepState.Undone, StepState.Undone, StepState.Refused, StepState.Skipped, StepState.Skipped],
            ended.Steps.Select(step => step.State));
        AssertNothingLeft(app);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Is_cancelled_before_its_pivot(string coupling)
    {
        // The card does not answer at first, so that there is time to think.
        var faults = new FaultScript();
        using var app = Shop.Open(faults: faults);
        faults.On("append paymentsCard", Fault.Before, times: 1);
        var id = app.Start("place-order", coupling, Shop.Order());
        app.Scheduler.RunFor(TimeSpan.FromSeconds(1), () => app.Find(id).Steps[1].State == StepState.Succeeded);

        app.Control((control, client) => control.CancelAsync(client, id, new Asked("ann", "changed my mind"), default));
        var ended = app.RunToEnd(id);

        Assert.Equal((TransactionState.Compensated, "capture-payment: Cancelled by ann: changed my mind"), (ended.State, ended.Reason));
        AssertNothingLeft(app);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Cannot_be_cancelled_after_its_pivot(string coupling)
    {
        using var app = Shop.Open();
        var id = app.Start("place-order", coupling, Shop.Order());
        app.Scheduler.RunFor(TimeSpan.FromSeconds(1), () => app.Find(id).Steps[4].State == StepState.Succeeded);

        var problem = Assert.Throws<ProblemException>(() => app.Control((control, client) => control.CancelAsync(client, id, new Asked("ann", null), default)));

        Assert.Equal(409, problem.Status);
        Assert.Equal(TransactionState.Completed, app.RunToEnd(id).State);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Counts_every_try_of_every_step(string coupling)
    {
        var faults = new FaultScript();
        using var app = Shop.Open(faults: faults);
        var id = app.Begin("place-order", coupling, Shop.Order(price: 51));
        faults.On($"{id}:reserve-stock None>Done", Fault.Before, times: 2);
        faults.On($"{id}:create-order Done>Undone", Fault.Before, times: 1);

        var ended = app.RunToEnd(id);

        Assert.Equal(TransactionState.Compensated, ended.State);
        // One do and two undos; three dos and an undo; one of each; a refusal; and what was never sent.
        Assert.Equal([3, 4, 2, 1, 0, 0], ended.Steps.Select(step => step.Attempts));
    }

    [Fact]
    public void Uses_one_activity_a_step_and_one_more()
    {
        using var app = Shop.Open();

        var ended = app.RunToEnd(app.Start("place-order", "requests", Shop.Order()));

        Assert.Equal(7, app.Engine[ended.Id].Activities);
        Assert.Equal(7, ended.Cost.Activities);
        Assert.Equal(0, app.Engine[ended.Id].Timers);
    }

    [Fact]
    public void Sets_one_timer_for_all_the_replies_that_it_waits_for()
    {
        using var app = Shop.Open();

        var ended = app.RunToEnd(app.Start("place-order", "commands", Shop.Order()));

        Assert.Equal(7, app.Engine[ended.Id].Activities);
        Assert.Equal(1, app.Engine[ended.Id].Timers);
    }

    private static void AssertNothingLeft(SimulatedApp app)
    {
        Assert.Equal(new StockItem(true, 5, 0), Shop.Stock(app));
        Assert.Equal(0, Shop.Used(app));
        Assert.NotEqual(OrderState.Placed, app.Store.StateOf<Order>("o-1").State);
        Assert.Empty(app.Bus.Failures);
    }
}

using Atomic.Functions.Choreography;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Tracking;
using Atomic.Transactions;
using Atomic.Unit.Coordination;
using Atomic.Verification.Simulation;
using Xunit;

namespace Atomic.Unit.Tracking;

/// <summary>A fact that should come and does not is found, and named.</summary>
public sealed class Flows_that_stand_still
{
    /// <summary>The watch runs every 20 seconds.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(20);

    [Fact]
    public void Without_a_coordinator_are_named_with_their_step_and_reason_and_forgotten_once_they_go_on()
    {
        using var app = Shop.Open();
        var header = Header(app);
        Hear(app, header, new Fact(FactKind.Started, ""));
        Hear(app, header, new Fact(FactKind.Succeeded, "create-order"));

        Assert.Equal(0, Watch(app));
        Pass(app, Expectation.LimitOf(PlaceOrder["reserve-stock"], Owed.Do));
        Assert.Equal(1, Watch(app));

        var overdue = Find(app, header)!.Overdue!;
        Assert.Equal(("reserve-stock", Owed.Do), (overdue.Step, overdue.Owed));
        Assert.Contains("'reserve-stock' of inventory", overdue.Reason, StringComparison.Ordinal);

        Hear(app, header, new Fact(FactKind.Succeeded, "reserve-stock"));
        Assert.Null(Find(app, header)!.Overdue);
        Assert.Equal(0, Watch(app));
    }

    [Fact]
    public void Are_found_within_a_minute_of_their_limit_when_replies_are_lost()
    {
        var faults = new FaultScript();
        using var app = Shop.Open(faults: faults);
        faults.On("send transaction-replies", Fault.Before);
        var id = app.Start("place-order", Coupling.Commands, Shop.Order());
        var limit = Expectation.LimitOf(PlaceOrder["create-order"], Owed.Do);
        app.Scheduler.RunFor(limit / 2);
        Assert.Equal(0, Watch(app));

        var ticks = 0;
        for (; Watch(app) == 0; ticks++) Pass(app, Tick);

        Assert.InRange(ticks * Tick, limit / 2, (limit / 2) + TimeSpan.FromMinutes(1));
        var view = app.Scheduler.Run(() => app.Get<TransactionReader>().FindTrackedAsync(app.Engine, id, fresh: true, CancellationToken.None))!.View;
        Assert.Equal("create-order", view.Overdue!.Step);
        Assert.Contains("tried 1 times", view.Overdue.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Are_found_when_a_step_was_parked_and_went_on_and_the_next_one_hangs()
    {
        var faults = new FaultScript();
        using var app = Shop.Open(faults: faults);
        var id = app.Start("place-order", Coupling.Commands, Shop.Order(price: 51));
        faults.On($"{id}:book-shipment Done>Undone", Fault.Before);
        faults.On($"queue transaction-replies {id}:reserve-stock:Undo", Fault.Lost);
        app.Scheduler.RunFor(TimeSpan.FromSeconds(30));
        Assert.Equal(TransactionState.NeedsAttention, app.Find(id).State);
        Assert.Equal(0, Watch(app));

        faults.Clear();
        faults.On($"queue transaction-replies {id}:reserve-stock:Undo", Fault.Lost);
        app.Control((control, client) => control.RetryAsync(client, id, "book-shipment", new RetryAsked("ann"), default));
        var ticks = 0;
        for (; Watch(app) == 0 && ticks < 60; ticks++) Pass(app, Tick);

        Assert.InRange(ticks * Tick, TimeSpan.Zero, Expectation.LimitOf(PlaceOrder["reserve-stock"], Owed.Undo) + TimeSpan.FromMinutes(1));
        var view = app.Scheduler.Run(() => app.Get<TransactionReader>().FindTrackedAsync(app.Engine, id, fresh: true, CancellationToken.None))!.View;
        Assert.Equal(("reserve-stock", Owed.Undo), (view.Overdue!.Step, view.Overdue.Owed));
    }

    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Events)]
    public void Are_not_those_that_wait_for_a_person_nor_are_those_looked_at(string coupling)
    {
        var sample = Sample.All["book-trip, dear and without a car"];
        using var app = sample.App();
        app.Start(sample.Definition, coupling, sample.Input);
        Pass(app, TimeSpan.FromMinutes(2));
        Assert.Equal(0, Watch(app));

        Pass(app, TimeSpan.FromHours(1));
        var before = app.Points.Counts.GetValueOrDefault("read");
        Assert.Equal(0, Watch(app));

        Assert.Equal(before, app.Points.Counts.GetValueOrDefault("read"));
    }

    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    [InlineData(Coupling.Events)]
    public void Are_none_of_those_that_ended(string coupling)
    {
        using var app = Shop.Open();
        app.RunToEnd(app.Start("place-order", coupling, Shop.Order()));
        Pass(app, TimeSpan.FromHours(1));

        Assert.Equal(0, Watch(app));
        Assert.DoesNotContain(app.Rows.Keys(TrackedTable), key => key.Contains("open-", StringComparison.Ordinal));
    }

    private const string TrackedTable = "transactionsV1";

    private static Definition PlaceOrder => Functions.Definitions.PlaceOrder.Definition;

    private static TransactionHeader Header(SimulatedApp app)
    {
        var input = System.Text.Json.JsonSerializer.SerializeToElement(Shop.Order(), Atomic.EventSourcing.StorageJson.Options);
        return new TransactionHeader("t-1", "place-order", 1, Coupling.Events, input, app.Scheduler.Time.Now);
    }

    private static void Hear(SimulatedApp app, TransactionHeader header, Fact fact) => app.Scheduler.Run(async () =>
    {
        await app.Get<ProgressKeeper>().HearAsync(new TransactionFact(header, fact, app.Scheduler.Time.Now, []), CancellationToken.None);
        return true;
    });

    private static TransactionProgress? Find(SimulatedApp app, TransactionHeader header) =>
        app.Scheduler.Run(() => app.Get<ProgressKeeper>().FindAsync(header, fresh: true, CancellationToken.None));

    private static int Watch(SimulatedApp app) => app.Scheduler.Run(() => app.Get<FlowWatch>().RunAsync(app.Engine, CancellationToken.None));

    /// <summary>Lets so much time pass, with all that happens in it.</summary>
    private static void Pass(SimulatedApp app, TimeSpan time)
    {
        app.Scheduler.At(app.Scheduler.Time.Now + time, "time passes", () => Task.CompletedTask);
        app.Scheduler.RunFor(time);
    }
}

using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Tracking;
using Atomic.Transactions;
using Atomic.Unit.Coordination;
using Atomic.Unit.Telemetry;
using Atomic.Unit.Watch;
using Atomic.Verification.Simulation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
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
        Pass(app, Expectation.LimitOf(PlaceOrder["reserve-stock"], Owed.Do, patience: null));
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
        var limit = Expectation.LimitOf(PlaceOrder["create-order"], Owed.Do, TimeSpan.FromMinutes(1));
        app.Scheduler.RunFor(limit / 2);
        Assert.Equal(0, Watch(app));

        var ticks = 0;
        for (; Watch(app) == 0; ticks++) Pass(app, Tick);

        Assert.InRange(ticks * Tick, limit / 2, (limit / 2) + TimeSpan.FromMinutes(1));
        var view = app.Scheduler.Run(() => app.Get<TransactionReader>().FindTrackedAsync(app.Engine, id, fresh: true, CancellationToken.None))!.View;
        Assert.Equal("create-order", view.Overdue!.Step);
        Assert.Contains("tried 2 times", view.Overdue.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Are_none_whose_first_try_may_still_be_answered()
    {
        var faults = new FaultScript();
        using var app = Shop.Open(faults: faults);
        faults.On("queue transaction-replies", Fault.Lost, times: 1);
        var id = app.Start("place-order", Coupling.Commands, Shop.Order());

        for (var ticks = 0; ticks < 30; ticks++)
        {
            Pass(app, Tick);
            Assert.Equal(0, Watch(app));
        }

        Assert.Equal(TransactionState.Completed, app.Find(id).State);
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

        Assert.InRange(ticks * Tick, TimeSpan.Zero, Expectation.LimitOf(PlaceOrder["reserve-stock"], Owed.Undo, TimeSpan.FromMinutes(1)) + TimeSpan.FromMinutes(1));
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
    public void Are_found_long_before_a_decision_is_due_once_it_is_made_and_nothing_comes_of_it(string coupling)
    {
        const string approve = "approve";
        var (faults, sample) = (new FaultScript(), Sample.All["book-trip, dear and without a car"]);
        using var app = sample.App(faults: faults);
        var id = app.Start(sample.Definition, coupling, sample.Input);
        Pass(app, TimeSpan.FromHours(1));
        Assert.Equal(0, Watch(app));
        faults.On("queue approvals-commands", Fault.Lost);
        app.Control((control, client) => control.DecideAsync(client, id, approve, new Decision(true, "ann"), default));

        Pass(app, TimeSpan.FromSeconds(20));
        Assert.Equal(0, Watch(app));
        Pass(app, TimeSpan.FromMinutes(2));

        Assert.Equal(1, Watch(app));
        var view = app.Scheduler.Run(() => app.Get<TransactionReader>().FindTrackedAsync(app.Engine, id, fresh: true, CancellationToken.None))!.View;
        Assert.Equal((approve, Owed.Do), (view.Overdue!.Step, view.Overdue.Owed));
        faults.Clear();
        if (coupling != Coupling.Events) return;
        Pass(app, TimeSpan.FromMinutes(1));
        Watch(app);
        Pass(app, TimeSpan.FromMinutes(1));
        Assert.Equal(TransactionState.Completed, app.Find(id).State);
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

    [Fact]
    public void Are_found_behind_those_that_cannot_be_looked_at_and_those_that_cannot_be_reminded()
    {
        var faults = new FaultScript();
        using var app = Shop.Open(faults: faults);
        var header = Header(app);
        Hear(app, header, new Fact(FactKind.Started, ""));
        var newer = header.StartedAt!.Value.AddMinutes(1);
        Hear(app, header with { Id = "t-2", StartedAt = newer }, new Fact(FactKind.Started, ""));
        Put(app, header with { Id = "t-3", StartedAt = newer, Version = 99 });
        faults.On("send ordering-commands t-2", Fault.Before);
        Pass(app, TimeSpan.FromHours(1));

        Watch(app);

        Assert.Contains(app.Scheduler.Trace, happened => happened.StartsWith("send ordering-commands t-1", StringComparison.Ordinal));
    }

    [Fact]
    public void That_cannot_be_looked_at_are_said_to_be_so_as_often_as_the_alert_needs_and_not_at_every_look()
    {
        var log = new KeptLog<FlowWatch>();
        using var app = new SimulatedApp(register: services => services.AddSingleton<ILogger<FlowWatch>>(log));
        Put(app, Header(app) with { Version = 99 });
        Pass(app, TimeSpan.FromHours(1));

        for (var passed = TimeSpan.Zero; passed < UnwatchedAlert.LooksBack; passed += Tick)
        {
            Watch(app);
            Pass(app, Tick);
        }

        Assert.InRange(log.Lines.Count(line => line.StartsWith("TransactionNotWatched Transaction t-1 ", StringComparison.Ordinal)), UnwatchedAlert.Needs, 4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(1_000)]
    public void Are_found_however_long_ago_they_began_and_months_without_any_are_not_asked_for_each_time(int days)
    {
        using var app = Shop.Open();
        var header = Header(app) with { StartedAt = app.Scheduler.Time.Now.AddDays(-days) };
        Hear(app, header, new Fact(FactKind.Started, ""));
        Pass(app, TimeSpan.FromHours(1));

        Assert.Equal(1, Watch(app));

        var before = app.Points.Counts.GetValueOrDefault("list");
        Pass(app, TimeSpan.FromMinutes(1));
        Watch(app);
        Assert.InRange(app.Points.Counts.GetValueOrDefault("list") - before, 2, 3);
    }

    [Fact]
    public void Are_found_when_nobody_knows_when_they_began()
    {
        using var app = Shop.Open();
        Hear(app, Header(app) with { StartedAt = null }, new Fact(FactKind.Started, ""));
        Pass(app, TimeSpan.FromHours(1));

        Assert.Equal(1, Watch(app));
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

    /// <summary>One whose version this code no longer holds.</summary>
    private static void Put(SimulatedApp app, TransactionHeader header)
    {
        var none = new Dictionary<string, string>();
        var mark = new OpenTransaction(header.Id, header.StartedAt!.Value, header.StartedAt, header.Coordination);
        Assert.Null(app.Scheduler.Run(() => app.Rows.WriteTogetherAsync(
            TrackedTable,
            [
                new RowWrite(TrackedKeys.Of(header.Id, mark.StartedAt), new TransactionProgress(header, []), new Dictionary<string, long>(), none, null, null),
                new RowWrite(TrackedKeys.OpenOf(header.Id, mark.StartedAt), mark, new Dictionary<string, long>(), none, null, null),
            ],
            CancellationToken.None)));
    }

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

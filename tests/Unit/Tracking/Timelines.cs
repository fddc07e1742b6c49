using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Tracking;
using Atomic.Transactions;
using Atomic.Unit.Coordination;
using Atomic.Verification.Simulation;
using Xunit;

namespace Atomic.Unit.Tracking;

/// <summary>What happened in a transaction, from its start to its end or to where it stands.</summary>
public sealed class Timelines
{
    public static TheoryData<string> Couplings => [.. Coupling.All];

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Tell_every_command_event_and_fact_behind_what_caused_it(string coupling)
    {
        using var app = Shop.Open();
        var id = app.Start("place-order", coupling, Shop.Order(price: 51));
        app.RunToEnd(id);

        var timeline = Read(app, id);

        Assert.Equal(TransactionState.Compensated, timeline.State);
        Assert.Equal(
            ["CreateOrder", "ReserveStock", "BookShipment", "AuthorizePayment", "CancelShipment", "ReleaseStock", "CancelOrder"],
            Whats(timeline, TimelineKind.Command));
        Assert.Equal(
            ["OrderPlaced.v1", "StockReserved.v1", "ShipmentBooked.v1", "ShipmentCancelled.v1", "StockReleased.v1", "OrderCancelled.v1"],
            Whats(timeline, TimelineKind.Event).Where(what => !what.StartsWith("Payment", StringComparison.Ordinal) && !what.StartsWith("Card", StringComparison.Ordinal)));
        Assert.Equal(
            ["Started", "Succeeded", "Succeeded", "Succeeded", "Failed", "Undone", "Undone", "Undone"], Whats(timeline, TimelineKind.Fact));
        Assert.Empty(timeline.Expected);
        AssertCausal(timeline);
        var failed = timeline.Entries.Single(entry => entry.What == "Failed");
        Assert.Equal(("authorize-payment", "payments"), (failed.Step, failed.Participant));
        Assert.Contains("over its limit", failed.Reason, StringComparison.Ordinal);
        Assert.All(timeline.Entries.Where(entry => entry.Kind == TimelineKind.Event), entry => Assert.Matches(@"^\w+:.+@\d+$", entry.Place));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Tell_what_is_still_expected_and_who_wanted_what(string coupling)
    {
        var faults = new FaultScript();
        using var app = Shop.Open(faults: faults);
        var id = app.Start("place-order", coupling, Shop.Order());
        faults.On($"{id}:confirm-order None>Done", Fault.Before);
        app.Scheduler.RunFor(TimeSpan.FromSeconds(30));
        app.Control((control, client) => control.RetryAsync(client, id, "confirm-order", new RetryAsked("ann", "again"), default));
        app.Scheduler.RunFor(TimeSpan.FromSeconds(20));

        var timeline = Read(app, id);

        Assert.Equal(TransactionState.NeedsAttention, timeline.State);
        var expected = Assert.Single(timeline.Expected);
        Assert.Equal(("confirm-order", "ordering", Owed.Do, "ConfirmOrder"), (expected.Step, expected.Participant, expected.Owed, expected.Command));
        Assert.Null(expected.Due);
        var order = timeline.Entries.Single(entry => entry.Kind == TimelineKind.Order);
        Assert.Equal(("RetryRequested.v1", "confirm-order", "ann", "again"), (order.What, order.Step, order.By, order.Reason));
        Assert.Contains(timeline.Entries, entry => entry.What == "Parked" && order.Causes.Contains(entry.Id));
        AssertCausal(timeline);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Tell_what_has_been_done_since_a_step_was_parked(string coupling)
    {
        var (faults, sample) = (new FaultScript(), Sample.All["book-trip"]);
        using var app = sample.App(faults: faults);
        var id = app.Start(sample.Definition, coupling, sample.Input);
        List<string> broken = ["capture-payment", "send-itinerary"];
        faults.On(point => broken.Any(step => point.Contains($"{id}:{step} None>Done", StringComparison.Ordinal)), Fault.Before);
        app.Scheduler.RunFor(TimeSpan.FromSeconds(30));
        broken.Remove("capture-payment");
        app.Control((control, client) => control.RetryAsync(client, id, "capture-payment", new RetryAsked("ann"), default));
        app.Scheduler.RunFor(TimeSpan.FromSeconds(30));

        var timeline = Read(app, id);

        Assert.Equal(TransactionState.NeedsAttention, timeline.State);
        Assert.Equal(["Parked", "Succeeded"], FactsAbout(timeline, "capture-payment"));
        Assert.Equal(["Parked"], FactsAbout(timeline, "send-itinerary"));
        Assert.Equal(["send-itinerary"], timeline.Expected.Select(expected => expected.Step));
        Assert.Contains("PaymentCaptured.v1", Whats(timeline, TimelineKind.Event));
        AssertCausal(timeline);
    }

    [Fact]
    public void Do_not_trust_the_clocks_of_several_machines()
    {
        var definition = Atomic.Functions.Definitions.PlaceOrder.Definition;
        Fact[] facts =
        [
            new(FactKind.Started, ""), new(FactKind.Succeeded, "create-order"), new(FactKind.Succeeded, "reserve-stock"),
            new(FactKind.Failed, "book-shipment"), new(FactKind.Undone, "reserve-stock", Act: Act.Undo), new(FactKind.Undone, "create-order", Act: Act.Undo),
        ];
        var start = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        // Each is later by its own clock than all that it caused.
        var ordered = Causes.Order(
            facts.Select((fact, i) => (Fact: fact, At: start.AddSeconds(-i))).Reverse(), item => $"{item.Fact}", item => item.At,
            item => Causes.Of(definition, item.Fact, facts).Select(cause => $"{cause}"));

        Assert.Equal(facts, ordered.Select(item => item.Fact));
    }

    private static Timeline Read(SimulatedApp app, string id)
    {
        var found = app.Scheduler.Run(() => app.Get<TransactionReader>().FindTrackedAsync(app.Engine, id, fresh: true, CancellationToken.None))!;
        return app.Scheduler.Run(() => app.Get<TimelineReader>().ReadAsync(found, CancellationToken.None));
    }

    private static IEnumerable<string> Whats(Timeline timeline, TimelineKind kind) =>
        timeline.Entries.Where(entry => entry.Kind == kind).Select(entry => entry.What);

    private static IEnumerable<string> FactsAbout(Timeline timeline, string step) =>
        timeline.Entries.Where(entry => entry.Kind == TimelineKind.Fact && entry.Step == step).Select(entry => entry.What);

    private static void AssertCausal(Timeline timeline)
    {
        var told = new HashSet<string>();
        foreach (var entry in timeline.Entries)
        {
            Assert.All(entry.Causes, cause => Assert.Contains(cause, told));
            Assert.True(told.Add(entry.Id), entry.Id);
            if (entry.What != "Started") Assert.NotEmpty(entry.Causes);
        }
    }
}

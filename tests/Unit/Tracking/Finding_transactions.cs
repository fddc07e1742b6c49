using Atomic.EventSourcing;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Tracking;
using Atomic.Services;
using Atomic.Transactions;
using Atomic.Unit.Coordination;
using Atomic.Verification.Simulation;
using Xunit;

namespace Atomic.Unit.Tracking;

/// <summary>Lists and searches, over transactions of all couplings that have run in memory.</summary>
public sealed class Finding_transactions
{
    /// <summary>Parked is said at once, and waits for no look of anybody.</summary>
    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    [InlineData(Coupling.Events)]
    public void What_stands_still_is_listed_within_a_second(string coupling)
    {
        var faults = new FaultScript();
        using var app = Shop.Open(faults: faults);
        var id = app.Start("place-order", coupling, Shop.Order(price: 51));
        faults.On($"{id}:book-shipment Done>Undone", Fault.Before);
        var look = TimeSpan.FromMilliseconds(100);
        for (var looks = 0; looks < 600 && Parked().Count == 0; looks++) app.Scheduler.RunFor(look);

        var seen = app.Scheduler.Time.Now;
        var known = app.Scheduler.Run(() => app.Get<TransactionReader>().FindTrackedAsync(app.Engine, id, fresh: true, CancellationToken.None))!.Progress!;
        var parked = known.Facts.Single(fact => fact.Fact.Kind == FactKind.Parked);
        Assert.Equal("book-shipment", parked.Fact.Step);
        Assert.InRange(seen - parked.At, TimeSpan.Zero, TimeSpan.FromSeconds(1));

        IReadOnlyList<TransactionView> Parked() => app.Scheduler.Run(() => app.Get<TransactionSearch>().ListAsync(
            app.Engine, new TransactionFilter(TransactionState.NeedsAttention), 10, null, CancellationToken.None)).Items;
    }

    [Fact]
    public void Lists_the_transactions_of_all_couplings_newest_first_and_page_by_page()
    {
        using var app = Shop.Open();
        var started = Coupling.All.Concat(Coupling.All).Select((coupling, i) => Run(app, coupling, $"o-{i}", i < 4 ? 10 : 101)).ToList();

        var (first, next) = List(app, new TransactionFilter(), 4);
        var (second, end) = List(app, new TransactionFilter(), 4, next);

        Assert.Equal(Enumerable.Reverse(started), [.. first.Select(one => one.Id), .. second.Select(one => one.Id)]);
        Assert.Equal(4, first.Count);
        Assert.Null(end);
        Assert.All(first.Concat(second), one => Assert.Equal(one.State == TransactionState.Completed ? 6 : 3, one.Steps.Count(step => step.State is StepState.Succeeded or StepState.Undone)));
    }

    [Fact]
    public void Narrows_by_state_definition_coupling_and_time()
    {
        using var app = Shop.Open();
        var began = app.Scheduler.Time.GetUtcNow();
        var good = Run(app, Coupling.Commands, "o-1", 10);
        var between = app.Scheduler.Time.GetUtcNow();
        var bad = Run(app, Coupling.Events, "o-2", 101);

        Assert.Equal([good], Ids(app, new TransactionFilter(State: TransactionState.Completed)));
        Assert.Equal([bad], Ids(app, new TransactionFilter(State: TransactionState.Compensated)));
        Assert.Empty(Ids(app, new TransactionFilter(State: TransactionState.Running)));
        Assert.Empty(Ids(app, new TransactionFilter(Definition: "book-trip")));
        Assert.Equal([bad], Ids(app, new TransactionFilter(Coordination: Coupling.Events)));
        Assert.Equal([bad], Ids(app, new TransactionFilter(From: between)));
        Assert.Equal([good], Ids(app, new TransactionFilter(From: began, To: between.AddMilliseconds(-1))));
    }

    [Theory]
    [InlineData("o-1", null, 1)]
    [InlineData("c-1", null, 2)]
    [InlineData("o-", null, 0)]
    [InlineData(null, "O-1", 1)]
    [InlineData(null, "over its limit", 1)]
    [InlineData("c-1", "over its limit", 1)]
    [InlineData(null, "nowhere", 0)]
    public void Finds_by_a_key_of_the_business_and_by_text(string? key, string? text, int found)
    {
        using var app = Shop.Open();
        Run(app, Coupling.Requests, "o-1", 10);
        Run(app, Coupling.Events, "o-2", 101);

        Assert.Equal(found, Ids(app, new TransactionFilter(Key: key, Text: text)).Count());
    }

    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Events)]
    public void Shows_what_still_runs_as_it_stands_now(string coupling)
    {
        var sample = Sample.All["book-trip, dear and without a car"];
        using var app = sample.App();
        var id = app.Start(sample.Definition, coupling, sample.Input);
        app.Scheduler.RunFor(TimeSpan.FromMinutes(1));

        var (found, _) = List(app, new TransactionFilter(State: TransactionState.Running), 10);

        Assert.Equal(id, Assert.Single(found).Id);
        Assert.Equal(StepState.Running, found[0].Steps.Single(step => step.Name == "approve").State);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("2030-13:")]
    [InlineData("2999-01:")]
    [InlineData("2029-12:nonsense")]
    public void Refuses_a_continuation_that_it_did_not_give(string continuation)
    {
        using var app = Shop.Open();

        if (continuation == "2030-13:") Assert.Throws<ContinuationException>(() => List(app, new TransactionFilter(To: app.Scheduler.Time.Now), 4, continuation));
        else Assert.Throws<ContinuationException>(() => List(app, new TransactionFilter(), 4, continuation));
    }

    private static string Run(SimulatedApp app, string coupling, string order, decimal price)
    {
        var id = app.Start("place-order", coupling, Shop.Order(quantity: 1, price: price) with { OrderId = new OrderId(order) });
        return app.RunToEnd(id).Id;
    }

    private static IEnumerable<string> Ids(SimulatedApp app, TransactionFilter filter) => List(app, filter, 50).Items.Select(one => one.Id);

    private static (IReadOnlyList<TransactionView> Items, string? Next) List(SimulatedApp app, TransactionFilter filter, int size, string? continuation = null)
    {
        var page = app.Scheduler.Run(() => app.Get<TransactionSearch>().ListAsync(app.Engine, filter, size, continuation, CancellationToken.None));
        return (page.Items, page.Continuation);
    }
}

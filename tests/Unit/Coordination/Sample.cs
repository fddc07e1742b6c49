using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Services;
using Atomic.Services.Accounts;
using Atomic.Services.Ordering;
using Atomic.Services.Travel;
using Atomic.Transactions;
using Atomic.Verification;
using Atomic.Verification.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Unit.Coordination;

/// <summary>A definition with an input that succeeds, and what the services must have for that.</summary>
internal sealed record Sample(string Name, string Definition, object Input, Action<SimulatedApp> Seed)
{
    public static IReadOnlyDictionary<string, Sample> All { get; } = new[]
    {
        new Sample("place-order", "place-order", Shop.Order(), _ => { }),
        new Sample("return-order", "return-order", new ReturnOrder(
            Shop.Order().CustomerId, new OrderId("o-1"), [new ReturnedLine(Shop.Tea, 2)], new Money(20, "EUR"), Shop.Card, Shop.Order().Address), Place),
        new Sample("book-trip", "book-trip", Trip(500, car: true), Offer),
        new Sample("book-trip, dear and without a car", "book-trip", Trip(2_000, car: false), Offer),
        new Sample("transfer-money", "transfer-money", new TransferMoney(new AccountId("a"), new AccountId("b"), new Money(30, "EUR")), Open),
    }.ToDictionary(sample => sample.Name);

    public Definition Effective => ShippedDefinitions.All.First(type => type.Definition.Name == Definition).Definition.For(Input);

    /// <param name="deadline">One for every definition, whatever it declares.</param>
    public SimulatedApp App(Scheduler? scheduler = null, IFaults? faults = null, TimeSpan? deadline = null)
    {
        var app = Shop.Open(scheduler, faults, services =>
        {
            if (deadline is { } limit)
                services.AddSingleton<IEnumerable<TransactionType>>(ShippedDefinitions.All.Select(type => type with { Definition = type.Definition.WithDeadline(limit) }).ToList());
        });
        Seed(app);
        return app;
    }

    /// <summary>Runs to the end, or to where it stands still; a person approves what waits for that.</summary>
    public static TransactionView Drive(SimulatedApp app, string id, bool approves = true)
    {
        for (var decisions = 0; ; decisions++)
        {
            app.Scheduler.RunFor(TimeSpan.FromMinutes(10));
            var found = app.Find(id);
            var waiting = found.Steps.FirstOrDefault(step => step.Participant == "approvals" && step.State == StepState.Running);
            if (waiting is null || decisions > 0) return found;
            app.Control((control, client) => control.DecideAsync(client, id, waiting.Name, new Decision(approves, "ann"), default));
        }
    }

    private static BookTrip Trip(decimal price, bool car) => new(
        new OfferCode("flight-1"), new OfferCode("hotel-1"), 2, new Money(price, "EUR"), Shop.Card, car ? new OfferCode("car-1") : null, new TripId("t-1"));

    private static void Place(SimulatedApp app)
    {
        var placed = Drive(app, app.Start("place-order", "requests", Shop.Order()));
        if (placed.State != TransactionState.Completed) throw new InvalidOperationException(placed.Reason);
    }

    private static void Offer(SimulatedApp app)
    {
        app.Seed("payments", new Atomic.Services.Payments.RegisterCard(Shop.Card, new Money(5_000, "EUR")));
        foreach (var code in new[] { "flight-1", "hotel-1", "car-1" }) app.Seed("travel", new OfferPlaces(new OfferCode(code), 3));
    }

    private static void Open(SimulatedApp app)
    {
        foreach (var account in new[] { "a", "b" })
            app.Seed("accounts", new OpenAccount(new AccountId(account), new Money(100, "EUR"), new Money(50, "EUR")));
    }
}

/// <summary>How a run ended, as far as it must be the same in every coupling.</summary>
internal sealed record Ended(TransactionState State, string? Reason, string Standing)
{
    public static Ended Of(SimulatedApp app, TransactionView found, Definition definition)
    {
        var oracle = new Oracle(definition, found.Id);
        var ended = found.State is TransactionState.Completed or TransactionState.Compensated ? found.State : (TransactionState?)null;
        var violations = oracle.Violations(app.Store.Ledger, ended).ToList();
        if (violations.Count > 0)
            throw new InvalidOperationException($"{found.Coordination}: {string.Join("; ", violations)}\n{string.Join('\n', app.Scheduler.Trace.TakeLast(200))}");
        var standing = oracle.Standing(app.Store.Ledger).Where(step => !definition[step].IsCommit && !definition[step].NothingToUndo);
        return new Ended(found.State, found.Reason, string.Join(" ", standing.Order(StringComparer.Ordinal)));
    }
}

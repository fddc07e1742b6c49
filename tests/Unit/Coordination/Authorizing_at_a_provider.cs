using Atomic.EventSourcing;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Services;
using Atomic.Services.Inventory;
using Atomic.Services.Payments;
using Atomic.Transactions;
using Atomic.Verification.Simulation;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Atomic.Unit.Coordination;

/// <summary>A step whose effect is at an outside provider, reached over a network that fails in every way.</summary>
public sealed class Authorizing_at_a_provider
{
    private readonly Bank _bank = new();

    public static TheoryData<string> Couplings => [.. Coupling.All];

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Is_done_once_when_replies_are_lost(string coupling)
    {
        _bank.RepliesLost = 2;

        var ended = Run(coupling);

        Assert.Equal(TransactionState.Completed, ended.State);
        Assert.Equal((3, 20), (_bank.Calls, _bank.Held));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Is_found_to_be_done_when_its_policy_is_spent_and_no_reply_has_come(string coupling)
    {
        _bank.RepliesLost = int.MaxValue;

        var ended = Run(coupling);

        Assert.Equal((TransactionState.Completed, 1), (ended.State, _bank.Finds));
        Assert.Equal(20, _bank.Held);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Is_settled_as_failed_when_no_call_has_arrived_and_one_that_comes_late_is_declined(string coupling)
    {
        _bank.CallsLost = int.MaxValue;

        var ended = Run(coupling);

        Assert.Equal(TransactionState.Compensated, ended.State);
        Assert.StartsWith("authorize-payment: ", ended.Reason, StringComparison.Ordinal);
        Assert.Equal(AuthorizationState.Declined, _bank.Arrive($"{ended.Id}:authorize-payment", 20).State);
        Assert.Equal(0, _bank.Held);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Is_refused_with_the_providers_reason(string coupling)
    {
        _bank.Declines = "Insufficient funds.";

        var ended = Run(coupling);

        Assert.Equal((TransactionState.Compensated, "authorize-payment: Insufficient funds."), (ended.State, ended.Reason));
        Assert.Equal(1, _bank.Calls);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Is_voided_when_the_transaction_is_reverted(string coupling)
    {
        var ended = Run(coupling, (app, id) => ((FaultScript)app.Faults).On($"{id}:capture-payment None>Done", Fault.Before));

        Assert.Equal((TransactionState.Compensated, 0), (ended.State, _bank.Held));
    }

    [Fact]
    public void An_undo_that_meets_started_settles_it_and_a_late_do_has_no_effect()
    {
        using var app = Open();
        _bank.RepliesLost = 1;
        var (authorize, undo) = (
            new AuthorizePayment(new PaymentId("p"), new OrderId("o"), Shop.Card, new Money(20, "EUR")),
            new VoidPayment(new PaymentId("p"), Shop.Card, new Money(20, "EUR")));
        var (handlers, invocation) = (app.Get<PaymentsHandlers>(), new Invocation("t:s", new EventContext("t", "t:s:Do:1")));
        Assert.Throws<SimulatedException>(() => app.Scheduler.Run(() => handlers.HandleAsync(authorize, invocation, CancellationToken.None)));
        var record = app.Scheduler.Run(() => app.Store.FindRecordAsync(new StreamId(Payment.Category, "p"), "t:s", CancellationToken.None));
        Assert.Equal((RecordState.Started, 20), (record!.State, _bank.Held));

        var undone = app.Scheduler.Run(() => handlers.HandleAsync(undo, invocation, CancellationToken.None));
        var late = app.Scheduler.Run(() => handlers.HandleAsync(authorize, invocation, CancellationToken.None));

        Assert.Equal((true, true, false, 0), (undone.Accepted, late.TooLate, late.Accepted, _bank.Held));
        Assert.Equal(0, Shop.Used(app));
    }

    // The refusal was recorded as if the provider had given it, and the revert then left its hold alone.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_payment_that_exists_already_is_refused_and_leaves_nothing_held_at_the_provider(bool crashes)
    {
        using var app = Open();
        var (handlers, payment) = (app.Get<PaymentsHandlers>(), new PaymentId("pay-x"));
        Task<Answer> AuthorizeAsync(string transaction) => handlers.HandleAsync(
            new AuthorizePayment(payment, new OrderId("o"), Shop.Card, new Money(20, "EUR")), By(transaction), CancellationToken.None);
        Assert.True(app.Scheduler.Run(() => AuthorizeAsync("t1")).Accepted);
        if (crashes)
        {
            ((FaultScript)app.Faults).On("t2:s Started>Refused", Fault.Before, times: 1);
            Assert.Throws<SimulatedException>(() => app.Scheduler.Run(() => AuthorizeAsync("t2")));
        }

        var second = app.Scheduler.Run(() => AuthorizeAsync("t2"));

        Assert.Equal((false, "Payment pay-x exists already."), (second.Accepted, second.Reason));
        Assert.Equal((20, AuthorizationState.Declined), (_bank.Held, _bank.Arrive("t2:s", 20).State));
        Assert.Equal(20, Shop.Used(app));
        var undo = new VoidPayment(payment, Shop.Card, new Money(20, "EUR"));
        app.Scheduler.Run(() => handlers.HandleAsync(undo, By("t2"), CancellationToken.None));
        Assert.Equal((20, 20), (_bank.Held, Shop.Used(app)));

        static Invocation By(string transaction) => new($"{transaction}:s", new EventContext(transaction, $"{transaction}:s:Do:1"));
    }

    private SimulatedApp Open()
    {
        var app = new SimulatedApp(faults: new FaultScript(), register: services => services.AddSingleton<IPaymentProvider>(_bank));
        app.Seed("inventory", new AddStock(Shop.Tea, 5));
        app.Seed("payments", new RegisterCard(Shop.Card, new Money(100, "EUR")));
        return app;
    }

    private TransactionView Run(string coupling, Action<SimulatedApp, string>? prepare = null)
    {
        using var app = Open();
        var id = app.Begin("place-order", coupling, Shop.Order());
        prepare?.Invoke(app, id);
        var ended = app.RunToEnd(id);
        Assert.Equal(_bank.Held, Shop.Used(app));
        return ended;
    }

    /// <summary>A provider whose network loses what it is told to.</summary>
    private sealed class Bank : IPaymentProvider
    {
        private readonly Dictionary<string, (Authorization Answer, decimal Amount)> _known = [];

        public int CallsLost { get; set; }

        public int RepliesLost { get; set; }

        public string? Declines { get; set; }

        public int Calls { get; private set; }

        public int Finds { get; private set; }

        public decimal Held => _known.Values.Where(one => one.Answer.State == AuthorizationState.Authorized).Sum(one => one.Amount);

        public Task<Authorization> AuthorizeAsync(string key, PaymentId payment, CardNumber card, Money amount, CancellationToken cancellation)
        {
            Calls++;
            if (CallsLost-- > 0) throw new SimulatedException("call lost");
            var answer = Arrive(key, amount.Amount);
            return RepliesLost-- > 0 ? throw new SimulatedException("reply lost") : Task.FromResult(answer);
        }

        public Task<Authorization?> FindAsync(string key, CancellationToken cancellation)
        {
            Finds++;
            return Task.FromResult(_known.TryGetValue(key, out var known) ? known.Answer : null);
        }

        public Task VoidAsync(string key, CancellationToken cancellation)
        {
            _known[key] = (new Authorization(AuthorizationState.Voided), 0);
            return Task.CompletedTask;
        }

        public Authorization Arrive(string key, decimal amount)
        {
            if (!_known.TryGetValue(key, out var known))
                _known[key] = known = (Declines is null ? new Authorization(AuthorizationState.Authorized) : new Authorization(AuthorizationState.Declined, Declines), amount);
            return known.Answer.State == AuthorizationState.Voided ? new Authorization(AuthorizationState.Declined, "Voided.") : known.Answer;
        }
    }
}

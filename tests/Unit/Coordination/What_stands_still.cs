using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Participants;
using Atomic.Services;
using Atomic.Services.Accounts;
using Atomic.Transactions;
using Atomic.Verification.Simulation;
using Xunit;

namespace Atomic.Unit.Coordination;

/// <summary>What is parked is tried, shown and found alike in every coupling.</summary>
public sealed class What_stands_still
{
    private const string Name = "plain-transfer";

    private int _tries;
    private bool _isDown = true;

    public static TheoryData<string> Couplings => [.. Coupling.All];

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Is_shown_with_every_try(string coupling)
    {
        using var app = Transfers.Open(Transfer(held: true), balance: 10, around: Counts(call => call.Name == nameof(WithdrawMoney)));
        var id = app.Start(Name, coupling, Transfers.Input(from: "a"));

        var parked = Transfers.After(app, id, minutes: 8.5).Steps[0];

        Assert.Equal((StepState.Parked, 9), (parked.State, _tries));
        Assert.Equal(_tries, parked.Attempts);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Is_tried_each_minute_again_once_a_person_has_asked_for_it(string coupling)
    {
        using var app = Transfers.Open(Transfer(to: "nobody"), around: (call, carryOut) =>
        {
            if (call.Name != nameof(ReturnMoney)) return carryOut(call.Invocation);
            _tries++;
            throw new IOException("It is down.");
        });
        var id = app.Start(Name, coupling, Transfers.Input(from: "a"));
        Transfers.After(app, id, minutes: 180);
        var before = _tries;

        app.Control((control, client) => control.RetryAsync(client, id, "withdraw", new RetryAsked("ann"), default));
        Transfers.After(app, id, minutes: 10.5);

        Assert.Equal(11, _tries - before);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Is_settled_and_not_done_once_its_cause_is_gone_when_its_policy_was_spent(string coupling)
    {
        using var app = Transfers.Open(Transfer(), around: Down);
        var id = StandingStill(app, coupling);

        _isDown = false;

        Assert.Equal(TransactionState.Compensated, Transfers.After(app, id, minutes: 10).State);
        Assert.Equal((100, 100), Transfers.Balances(app));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Is_settled_and_not_done_when_a_person_retries_what_had_its_policy_spent(string coupling)
    {
        using var app = Transfers.Open(Transfer(), around: Down);
        var id = StandingStill(app, coupling);

        _isDown = false;
        app.Control((control, client) => control.RetryAsync(client, id, "withdraw", new RetryAsked("ann"), default));

        Assert.Equal(TransactionState.Compensated, Transfers.After(app, id, minutes: 0.5).State);
        Assert.Equal((100, 100), Transfers.Balances(app));
    }

    [Fact]
    public void Is_no_refusal_that_finds_its_step_done()
    {
        var does = 0;
        using var app = Transfers.Open(Transfer(), around: (call, carryOut) =>
            IsDown(call.Invocation) ? throw new IOException("It is down.") : carryOut(call.Invocation));
        var id = app.Start(Name, Coupling.Events, Transfers.Input(from: "a"));
        Transfers.After(app, id, minutes: 0.002);
        app.Control((control, client) => control.CancelAsync(client, id, new Asked("ann"), default));
        Assert.Equal(TransactionState.Completed, Transfers.After(app, id).State);
        Assert.Single(Parked(app, new ParkedFilter(null, null, null, null, null)));

        _isDown = false;
        Transfers.After(app, id, minutes: 30);

        Assert.Empty(Parked(app, new ParkedFilter(null, null, null, null, null)));
        Assert.Equal(TransactionState.Completed, app.Find(id).State);

        bool IsDown(Invocation invocation) => invocation.CommandId.EndsWith(":deposit", StringComparison.Ordinal)
            && (invocation.Mode == Mode.Refuse ? _isDown : invocation.Mode == Mode.Perform && ++does < 4);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Is_found_by_when_its_transaction_began(string coupling)
    {
        using var app = Transfers.Open(Transfer(held: true), around: (call, carryOut) =>
            call.Name == nameof(WithdrawMoney) ? throw new IOException("It is down.") : carryOut(call.Invocation));
        var before = app.Scheduler.Time.Now;
        var id = app.Start(Name, coupling, Transfers.Input(from: "a"));
        var began = app.Scheduler.Time.Now;
        Assert.Equal(StepState.Parked, Transfers.After(app, id).Steps[0].State);

        Assert.Equal(id, Assert.Single(Parked(app, new ParkedFilter(null, coupling, null, before, began))).Id);
        Assert.Empty(Parked(app, new ParkedFilter(null, coupling, null, began.AddSeconds(1), null)));
    }

    private static string StandingStill(SimulatedApp app, string coupling)
    {
        var id = app.Start(Name, coupling, Transfers.Input(from: "a"));
        Assert.Equal(StepState.Parked, Transfers.After(app, id, minutes: 3).Steps[0].State);
        return id;
    }

    private static List<ParkedView> Parked(SimulatedApp app, ParkedFilter filter) => app.Control(async (control, client) =>
    {
        var (steps, continuation) = (new List<ParkedView>(), default(string));
        do
        {
            var page = await control.RetryAllAsync(client, new BulkRetry(filter, "ann", "looks", DryRun: true, Continuation: continuation), default);
            steps.AddRange(page.Steps);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return steps;
    });

    private Func<ParticipantCall, Func<Invocation, Task<Answer>>, Task<Answer>> Counts(Func<ParticipantCall, bool> which) => (call, carryOut) =>
    {
        if (which(call)) _tries++;
        return carryOut(call.Invocation);
    };

    private static Definition Transfer(bool held = false, string to = "b") => new DefinitionBuilder<TransferMoney>(Name, version: 1)
        .Step("withdraw", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount), held: held)
        .Pivot("deposit", "accounts", t => new DepositMoney(new AccountId(to), t.Amount))
        .Build();

    private Task<Answer> Down(ParticipantCall call, Func<Invocation, Task<Answer>> carryOut) =>
        _isDown && call.Invocation.CommandId.EndsWith(":withdraw", StringComparison.Ordinal) ? throw new IOException("It is down.") : carryOut(call.Invocation);
}

using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Control;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Participants;
using Atomic.Functions.Tracking;
using Atomic.Functions.Watch;
using Atomic.Services;
using Atomic.Services.Accounts;
using Atomic.Transactions;
using Atomic.Verification.Simulation;
using Xunit;

namespace Atomic.Unit.Coordination;

/// <summary>A step that is tried again with another input has one effect, of one of the inputs, and a revert takes back whichever it was.</summary>
public sealed class Correcting_an_input
{
    private const string Withdraw = "withdraw";
    private const int Seeds = 20;

    private readonly FaultScript _faults = new();
    private bool _isRefusing = true;

    public static TheoryData<string> Couplings => [.. Coupling.All];

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Is_taken_back_when_the_step_behind_is_refused(string coupling)
    {
        using var app = Transfers.Open(To("nobody"), balance: 10);
        var id = Parked(app, coupling);

        Correct(app, id, from: "b");
        Pass(app, TimeSpan.FromHours(1));

        Assert.Equal(TransactionState.Compensated, app.Find(id).State);
        Assert.Equal((10, 100), Transfers.Balances(app));
        Assert.Equal(1, Effects(app, id, "e1"));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Is_taken_back_when_it_was_corrected_more_than_once(string coupling)
    {
        using var app = Transfers.Open(To("nobody"), balance: 10);
        var id = Parked(app, coupling);

        Correct(app, id, from: "unknown");
        Assert.Equal(StepState.Parked, Transfers.After(app, id).Steps[0].State);
        Correct(app, id, from: "b");
        Pass(app, TimeSpan.FromHours(1));

        Assert.Equal(TransactionState.Compensated, app.Find(id).State);
        Assert.Equal((10, 100), Transfers.Balances(app));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Is_not_lost_when_the_old_input_cannot_be_settled_at_once(string coupling)
    {
        var failures = 1;
        using var app = Transfers.Open(To("b"), balance: 10, around: (call, carryOut) =>
            call.Invocation.Mode == Mode.Refuse && failures-- > 0 ? throw new IOException("It is down.") : carryOut(call.Invocation));
        var id = Parked(app, coupling);

        Correct(app, id, from: "b");

        Assert.Equal(TransactionState.Completed, Transfers.After(app, id, minutes: 10).State);
        Assert.Equal((10, 100), Transfers.Balances(app));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Is_not_lost_when_the_answer_is_that_the_old_input_was_settled(string coupling)
    {
        using var app = Transfers.Open(To("b"), _faults, balance: 10);
        var id = Parked(app, coupling);
        _faults.On($"{Withdraw} None>Undone", Fault.After, times: 1).On(point => point.StartsWith("record ", StringComparison.Ordinal), Fault.Before, times: 1);

        Correct(app, id, from: "b");

        Assert.Equal(TransactionState.Completed, Transfers.After(app, id, minutes: 10).State);
        Assert.Equal((10, 100), Transfers.Balances(app));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Goes_on_by_itself_once_somebody_can_tell_what_the_old_one_came_to(string coupling)
    {
        using var app = Transfers.Open(To("b"), balance: 10, around: RefusesToTell);
        var id = Parked(app, coupling);
        Correct(app, id, from: "b");
        Assert.Equal("Nobody can tell.", Transfers.After(app, id).Steps[0].Reason);

        _isRefusing = false;

        Assert.Equal(TransactionState.Completed, Transfers.After(app, id, minutes: 10).State);
        Assert.Equal((10, 100), Transfers.Balances(app));
    }

    // They may reach the participant in another order.
    [Theory]
    [MemberData(nameof(Couplings))]
    public void Is_the_last_that_was_asked_for_of_two_at_once(string coupling)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            _isRefusing = true;
            using var app = Transfers.Open(To("b"), balance: 10, around: RefusesToTell, scheduler: Scheduler.Seeded(seed));
            var id = Parked(app, coupling);
            Correct(app, id, from: "unknown");
            Correct(app, id, from: "b");
            Transfers.After(app, id);
            var asked = app.Scheduler.Run(() => LastAskedForAsync(app, id));
            _isRefusing = false;

            Assert.Equal(asked == "b" ? TransactionState.Completed : TransactionState.NeedsAttention, Transfers.After(app, id, minutes: 10).State);
        }
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Is_not_carried_out_when_the_transaction_was_cancelled_before_the_old_one_was_settled(string coupling)
    {
        using var app = Transfers.Open(To("b"), balance: 10, around: RefusesToTell);
        var id = Parked(app, coupling);
        Correct(app, id, from: "b");
        Transfers.After(app, id);
        app.Control((control, client) => control.CancelAsync(client, id, new Asked("ann"), default));
        _isRefusing = false;

        Pass(app, TimeSpan.FromHours(1));

        Assert.Equal(TransactionState.Compensated, app.Find(id).State);
        Assert.Equal((10, 100), Transfers.Balances(app));
        Assert.Equal(0, Effects(app, id, "e1"));
    }

    [Fact]
    public void Is_what_a_fact_that_comes_again_is_carried_out_with()
    {
        using var app = Transfers.Open(To("nobody"), balance: 10);
        var id = Parked(app, Coupling.Events);
        Correct(app, id, from: "b");
        Transfers.After(app, id);

        app.Scheduler.Run(async () =>
        {
            var again = new StepOrder(app.Store.StateOf<TransactionLog>(id).Header!, Withdraw, StepOrderKind.Hear, Fact: new Fact(FactKind.Started, ""));
            await app.Get<Choreographer>().CarryOutAsync(again, default);
            return true;
        });
        Pass(app, TimeSpan.FromHours(1));

        Assert.Equal(TransactionState.Compensated, app.Find(id).State);
        Assert.Equal((10, 100), Transfers.Balances(app));
    }

    [Theory]
    [InlineData(Coupling.Requests, true)]
    [InlineData(Coupling.Requests, false)]
    [InlineData(Coupling.Commands, true)]
    [InlineData(Coupling.Commands, false)]
    public void Is_known_to_a_run_that_follows_one_that_was_lost_or_failed_and_reverts(string coupling, bool isLost)
    {
        using var app = Transfers.Open(To("b"), balance: 10, around: HoldsDeposit);
        var id = Parked(app, coupling);
        Correct(app, id, from: "b");
        Assert.Equal(StepState.Succeeded, Transfers.After(app, id).Steps[0].State);

        if (isLost) app.Engine.Lose(id);
        else app.Engine.Fail(id);
        Watch(app);
        Transfers.After(app, id);
        app.Control((control, client) => control.CancelAsync(client, id, new Asked("ann"), default));
        Pass(app, TimeSpan.FromMinutes(10));

        Assert.Equal(TransactionState.Compensated, app.Find(id).State);
        Assert.Equal((10, 100), Transfers.Balances(app));
    }

    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    public void Is_known_to_a_run_that_begins_anew_and_goes_on(string coupling)
    {
        using var app = Transfers.Open(To("b"), balance: 10, around: HoldsDeposit);
        var id = Parked(app, coupling);
        Correct(app, id, from: "unknown");
        Assert.Equal(StepState.Parked, Transfers.After(app, id).Steps[0].State);
        Correct(app, id, from: "b");
        Assert.Equal(StepState.Succeeded, Transfers.After(app, id).Steps[0].State);

        _isRefusing = false;
        BeginAnew(app, id);
        Pass(app, TimeSpan.FromMinutes(10));

        Assert.Equal(TransactionState.Completed, app.Find(id).State);
        Assert.Equal((10, 100), Transfers.Balances(app));
    }

    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    public void Does_not_park_a_run_that_begins_anew_when_the_old_input_cannot_be_settled_at_once(string coupling)
    {
        var failures = 0;
        using var app = Transfers.Open(To("b"), balance: 10, around: (call, carryOut) =>
            call.Invocation.Mode == Mode.Refuse && failures-- > 0 ? throw new IOException("It is down.") : HoldsDeposit(call, carryOut));
        var id = Parked(app, coupling);
        Correct(app, id, from: "b");
        Assert.Equal(StepState.Succeeded, Transfers.After(app, id).Steps[0].State);

        (failures, _isRefusing) = (1, false);
        BeginAnew(app, id);

        Assert.Equal(TransactionState.Completed, Transfers.After(app, id).State);
    }

    private static Definition To(string account) => new DefinitionBuilder<TransferMoney>("held-transfer", version: 1)
        .Step(Withdraw, "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount), held: true)
        .Pivot("deposit", "accounts", t => new DepositMoney(new AccountId(account), t.Amount))
        .Build();

    /// <summary>A transfer from an account that has too little.</summary>
    private static string Parked(SimulatedApp app, string coupling)
    {
        var id = app.Start("held-transfer", coupling, Transfers.Input(from: "a"));
        Assert.Equal([StepState.Parked, StepState.Waiting], Transfers.After(app, id).Steps.Select(step => step.State));
        return id;
    }

    private static void Correct(SimulatedApp app, string id, string from) => app.Control((control, client) => control.RetryAsync(
        client, id, Withdraw, new RetryAsked("ann", Input: JsonSerializer.SerializeToElement(Transfers.Input(from), StorageJson.Options)), default));

    private Task<Answer> RefusesToTell(ParticipantCall call, Func<Invocation, Task<Answer>> carryOut) =>
        _isRefusing && call.Invocation is { Mode: Mode.Refuse, CommandId: var key } && key.EndsWith(Withdraw, StringComparison.Ordinal)
            ? Task.FromResult(new Answer(false, "Nobody can tell.", false, []) { IsFatal = true })
            : carryOut(call.Invocation);

    private Task<Answer> HoldsDeposit(ParticipantCall call, Func<Invocation, Task<Answer>> carryOut) =>
        _isRefusing && call is { Name: nameof(DepositMoney), Invocation.Mode: Mode.Perform }
            ? new TaskCompletionSource<Answer>().Task
            : carryOut(call.Invocation);

    private static async Task<string> LastAskedForAsync(SimulatedApp app, string id)
    {
        var last = default(JsonElement);
        await foreach (var commit in app.Store.ReadAsync<TransactionLog>(id, 1, CancellationToken.None))
        {
            foreach (var asked in commit.Events.Select(e => e.Data).OfType<RetryRequested>()) last = asked.Input!.Value;
        }

        return last.Deserialize<TransferMoney>(StorageJson.Options)!.From.Value;
    }

    private static int Effects(SimulatedApp app, string id, string edition) =>
        app.Store.Ledger.Count(entry => entry.Key == $"{id}:{Withdraw}:{edition}" && entry.To == RecordState.Done);

    private static void BeginAnew(SimulatedApp app, string id)
    {
        app.Engine.Lose(id);
        Watch(app);
        Transfers.After(app, id, minutes: 0.1);
    }

    private static void Watch(SimulatedApp app) =>
        Assert.Single(app.Scheduler.Run(() => app.Get<TransactionWatch>().RunAsync(app.Engine, CancellationToken.None)));

    /// <summary>Lets so much time pass, with all that happens in it; the watch runs as it does.</summary>
    private static void Pass(SimulatedApp app, TimeSpan time)
    {
        for (var until = app.Scheduler.Time.Now + time; app.Scheduler.Time.Now < until;)
        {
            app.Scheduler.At(app.Scheduler.Time.Now + TimeSpan.FromMinutes(1), "time passes", () => Task.CompletedTask);
            app.Scheduler.RunFor(TimeSpan.FromMinutes(1));
            app.Scheduler.Run(() => app.Get<FlowWatch>().RunAsync(app.Engine, CancellationToken.None));
        }
    }
}

using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Participants;
using Atomic.Functions.Watch;
using Atomic.Services;
using Atomic.Services.Accounts;
using Atomic.Transactions;
using Atomic.Verification.Simulation;
using Xunit;

namespace Atomic.Unit.Coordination;

/// <summary>A run that follows another one of its transaction asks what that has done, before it takes anything back or for never done.</summary>
public sealed class What_the_run_before_has_done
{
    private const string Key = "order-17";
    private const int Seeds = 30;

    private static readonly TimeSpan Limit = TimeSpan.FromHours(2);

    private static readonly Definition Implicit = Two("implicit-pivot").Deadline(Limit).Build();

    private static readonly Definition Declared = Two("declared-pivot")
        .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount)).Deadline(Limit).Build();

    // Waits for a person for as long as there is too little.
    private static readonly Definition HeldImplicit = Held("held-implicit").Deadline(Limit).Build();

    private static readonly Definition HeldDeclared = Held("held-declared")
        .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount)).Deadline(Limit).Build();

    private static readonly Definition Checked = new DefinitionBuilder<TransferMoney>("checked", version: 1)
        .StepWithNothingToUndo("check", "accounts", t => new CheckLimit(t.From, t.Amount))
        .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount))
        .Build();

    private bool _hangs = true;

    public static TheoryData<string, bool> Pivots => new()
    {
        { Coupling.Requests, true },
        { Coupling.Requests, false },
        { Coupling.Commands, true },
        { Coupling.Commands, false },
    };

    [Theory]
    [MemberData(nameof(Pivots))]
    public void Is_undone_when_a_cancel_came_that_nobody_was_there_to_hear(string coupling, bool isDeclared)
    {
        using var app = Transfers.Open(isDeclared ? HeldDeclared : HeldImplicit);
        var id = Parked(app, isDeclared ? HeldDeclared : HeldImplicit, coupling);

        app.Engine.Fail(id);
        app.Control((control, client) => control.CancelAsync(client, id, new Asked("ann"), default));
        app.Scheduler.RunFor(TimeSpan.FromMinutes(1));
        Watch(app);

        var found = Transfers.After(app, id, minutes: 2);
        Assert.Equal((TransactionState.Compensated, (100, 100)), (found.State, Transfers.Balances(app)));
        Assert.EndsWith("Cancelled by ann.", found.Reason, StringComparison.Ordinal);
    }

    // The order goes to the run that has failed, to the one that follows, or to its log alone.
    [Theory]
    [MemberData(nameof(Pivots))]
    public void Is_undone_when_a_cancel_comes_at_the_moment_at_which_it_is_begun_again(string coupling, bool isDeclared)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            using var app = Transfers.Open(isDeclared ? HeldDeclared : HeldImplicit, scheduler: Scheduler.Seeded(seed));
            var id = Parked(app, isDeclared ? HeldDeclared : HeldImplicit, coupling);
            app.Engine.Fail(id);

            app.Scheduler.Run(async () =>
            {
                var cancel = app.Get<TransactionControl>().CancelAsync(app.Engine, id, new Asked("ann"), default);
                var findings = await app.Get<TransactionWatch>().RunAsync(app.Engine, CancellationToken.None);
                return (await cancel, findings);
            });

            Assert.Equal((TransactionState.Compensated, (100, 100)), (Transfers.After(app, id, minutes: 2).State, Transfers.Balances(app)));
        }
    }

    [Theory]
    [MemberData(nameof(Pivots))]
    public void Is_undone_when_the_deadline_has_passed_meanwhile(string coupling, bool isDeclared)
    {
        using var app = Transfers.Open(isDeclared ? HeldDeclared : HeldImplicit);
        var id = Parked(app, isDeclared ? HeldDeclared : HeldImplicit, coupling);

        app.Engine.Fail(id);
        app.Scheduler.StandStill(Limit);
        Watch(app);

        Assert.Equal(TransactionState.Compensated, Transfers.After(app, id, minutes: 2).State);
        Assert.Equal((100, 100), Transfers.Balances(app));
    }

    [Theory]
    [MemberData(nameof(Pivots))]
    public void Is_undone_when_the_run_itself_is_cancelled(string coupling, bool isDeclared)
    {
        using var app = Transfers.Open(isDeclared ? HeldDeclared : HeldImplicit);
        var id = Parked(app, isDeclared ? HeldDeclared : HeldImplicit, coupling);
        app.Engine.Fail(id);
        Watch(app);
        Assert.Equal(TransactionState.NeedsAttention, Transfers.After(app, id).State);

        app.Control((control, client) => control.CancelAsync(client, id, new Asked("ann"), default));

        var found = Transfers.After(app, id, minutes: 2);
        Assert.Equal((TransactionState.Compensated, (100, 100)), (found.State, Transfers.Balances(app)));
        Assert.EndsWith("Cancelled by ann.", found.Reason, StringComparison.Ordinal);
    }

    // The first undo that it has sent may still arrive.
    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    public void Is_undone_when_that_was_reverting_already_and_had_undone_nothing(string coupling)
    {
        var answered = new TaskCompletionSource();
        using var app = Transfers.Open(Implicit, around: async (call, carryOut) =>
        {
            if (_hangs && call.Name == nameof(ReturnMoney)) return await new TaskCompletionSource<Answer>().Task;
            var answer = await carryOut(call.Invocation);
            if (call.Invocation.CommandId.EndsWith(":second", StringComparison.Ordinal)) await answered.Task;
            return answer;
        });
        var id = Transfers.Start(app, Implicit, coupling);
        app.Scheduler.RunFor(TimeSpan.FromSeconds(10));
        app.Control((control, client) => control.CancelAsync(client, id, new Asked("ann"), default));
        app.Scheduler.RunFor(TimeSpan.FromSeconds(10));
        answered.SetResult();
        Assert.Equal((TransactionState.Compensating, (70, 70)), (Transfers.After(app, id, minutes: 0.1).State, Transfers.Balances(app)));

        app.Engine.Fail(id);
        _hangs = false;
        Watch(app);

        Assert.Equal((TransactionState.Compensated, (100, 100)), (Transfers.After(app, id, minutes: 2).State, Transfers.Balances(app)));
    }

    [Theory]
    [MemberData(nameof(Pivots))]
    public void Stands_when_all_of_it_was_done_before_the_cancel(string coupling, bool isDeclared)
    {
        var definition = isDeclared ? Declared : Implicit;
        using var app = Transfers.Open(definition, around: LosesReplyOf(isDeclared ? "deposit" : "second"));
        var id = Transfers.Start(app, definition, coupling);
        Assert.Equal(TransactionState.Running, Transfers.After(app, id).State);

        app.Engine.Fail(id);
        app.Control((control, client) => control.CancelAsync(client, id, new Asked("ann"), default));
        app.Scheduler.RunFor(TimeSpan.FromMinutes(1));
        _hangs = false;
        Watch(app);

        AssertStands(app, id, isDeclared);
    }

    [Theory]
    [MemberData(nameof(Pivots))]
    public void Stands_when_it_was_shown_as_completed_and_its_orchestration_fails_after_that(string coupling, bool isDeclared)
    {
        var definition = isDeclared ? Declared : Implicit;
        using var app = Transfers.Open(definition);
        var id = Completed(app, definition, coupling);

        app.Engine.Fail(id);
        app.Scheduler.StandStill(Limit);
        Watch(app);

        AssertStands(app, id, isDeclared);
    }

    // Whoever operates the engine begins it anew with what it was started with.
    [Theory]
    [MemberData(nameof(Pivots))]
    public void Stands_when_it_is_begun_again_by_hand_after_its_deadline(string coupling, bool isDeclared)
    {
        var definition = isDeclared ? Declared : Implicit;
        using var app = Transfers.Open(definition);
        var id = Completed(app, definition, coupling);
        var start = app.Engine[id].Describe().ReadInputAs<TransactionStart>()!;

        app.Engine.Fail(id);
        app.Scheduler.StandStill(Limit);
        app.Scheduler.Soon("by hand", () => app.Engine.ReplaceTransactionAsync(id, start, default));

        AssertStands(app, id, isDeclared);
    }

    [Theory]
    [MemberData(nameof(Pivots))]
    public void Stands_when_its_key_comes_again_after_the_deadline_and_the_engine_knows_of_it_no_more(string coupling, bool isDeclared)
    {
        var definition = isDeclared ? Declared : Implicit;
        using var app = Transfers.Open(definition);
        var id = app.Start(definition.Name, coupling, Transfers.Input(from: "a"), Key);
        Assert.Equal(TransactionState.Completed, Transfers.After(app, id).State);

        app.Engine.Lose(id);
        app.Scheduler.StandStill(Limit);
        Assert.Equal(id, app.Start(definition.Name, coupling, Transfers.Input(from: "a"), Key));

        AssertStands(app, id, isDeclared);
    }

    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    public void Stays_reverted_when_it_was_cancelled_before_its_pivot_was_sent(string coupling)
    {
        var answered = new TaskCompletionSource();
        using var app = Transfers.Open(Checked, around: async (call, carryOut) =>
        {
            var answer = await carryOut(call.Invocation);
            if (call.Name == nameof(CheckLimit)) await answered.Task;
            return answer;
        });
        var id = app.Start(Checked.Name, coupling, Transfers.Input(from: "a"), Key);
        app.Scheduler.RunFor(TimeSpan.FromSeconds(10));
        app.Control((control, client) => control.CancelAsync(client, id, new Asked("ann"), default));
        app.Scheduler.RunFor(TimeSpan.FromSeconds(10));
        answered.SetResult();
        Assert.Equal(TransactionState.Compensated, Transfers.After(app, id).State);

        app.Engine.Lose(id);
        Assert.Equal(id, app.Start(Checked.Name, coupling, Transfers.Input(from: "a"), Key));

        Assert.Equal(TransactionState.Compensated, Transfers.After(app, id, minutes: 2).State);
        Assert.Equal((100, 100), Transfers.Balances(app));
    }

    private static DefinitionBuilder<TransferMoney> Two(string name) => new DefinitionBuilder<TransferMoney>(name, version: 1)
        .Step("first", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount))
        .Step("second", "accounts", t => new WithdrawMoney(t.To, t.Amount), undoneBy: t => new ReturnMoney(t.To, t.Amount));

    private static DefinitionBuilder<TransferMoney> Held(string name) => Two(name)
        .Step("third", "accounts", t => new WithdrawMoney(t.From, new Money(80, "EUR")), undoneBy: t => new ReturnMoney(t.From, new Money(80, "EUR")), held: true);

    private static string Parked(SimulatedApp app, Definition definition, string coupling)
    {
        var id = Transfers.Start(app, definition, coupling);
        Assert.Equal(StepState.Parked, Transfers.After(app, id).Steps[2].State);
        Assert.Equal((70, 70), Transfers.Balances(app));
        return id;
    }

    private static string Completed(SimulatedApp app, Definition definition, string coupling)
    {
        var id = Transfers.Start(app, definition, coupling);
        Assert.Equal(TransactionState.Completed, Transfers.After(app, id).State);
        return id;
    }

    private static void AssertStands(SimulatedApp app, string id, bool isDeclared)
    {
        Assert.Equal(TransactionState.Completed, Transfers.After(app, id, minutes: 2).State);
        Assert.Equal((70, isDeclared ? 100 : 70), Transfers.Balances(app));
    }

    private static void Watch(SimulatedApp app) =>
        Assert.Single(app.Scheduler.Run(() => app.Get<TransactionWatch>().RunAsync(app.Engine, CancellationToken.None)));

    /// <summary>Carries the last step out, and tells nobody.</summary>
    private Func<ParticipantCall, Func<Invocation, Task<Answer>>, Task<Answer>> LosesReplyOf(string step) => async (call, carryOut) =>
    {
        var answer = await carryOut(call.Invocation);
        return _hangs && call.Invocation.CommandId.EndsWith($":{step}", StringComparison.Ordinal) ? await new TaskCompletionSource<Answer>().Task : answer;
    };
}

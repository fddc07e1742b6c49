using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Control;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Services.Accounts;
using Atomic.Transactions;
using Atomic.Verification.Simulation;
using Xunit;

namespace Atomic.Unit.Coordination;

/// <summary>What a person says of a step that stands still is what becomes of it, or the person is told that it cannot be said.</summary>
public sealed class Resolving_by_hand
{
    private const string Withdraw = "withdraw";

    private static readonly Definition Held = new DefinitionBuilder<TransferMoney>("held-transfer", version: 1)
        .StepWithNothingToUndo("check-limit", "accounts", t => new CheckLimit(t.From, t.Amount))
        .Step(Withdraw, "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount), held: true)
        .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount))
        .Build();

    private readonly FaultScript _faults = new();

    public static TheoryData<string> Couplings => [.. Coupling.All];

    [Theory]
    [MemberData(nameof(Couplings))]
    public void A_held_step_that_is_declared_undone_has_no_effect_and_its_transaction_is_reverted(string coupling)
    {
        using var app = Transfers.Open(Held, balance: 10);
        var id = Parked(app, coupling);

        Resolve(app, id, "undone");
        var ended = Transfers.After(app, id);

        Assert.Equal((TransactionState.Compensated, $"{Withdraw}: Its balance is too low."), (ended.State, ended.Reason));
        Assert.Equal([StepState.Undone, StepState.Skipped, StepState.Skipped], ended.Steps.Select(step => step.State));
        Assert.Equal((10, 100), Transfers.Balances(app));
        Assert.False(Assert.Single(Asked(app, id)).Done);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void A_held_step_that_is_declared_done_goes_on_without_its_effect(string coupling)
    {
        using var app = Transfers.Open(Held, balance: 10);
        var id = Parked(app, coupling);

        Resolve(app, id, "done");

        Assert.Equal(TransactionState.Completed, Transfers.After(app, id).State);
        Assert.Equal((10, 130), Transfers.Balances(app));
        Assert.True(Assert.Single(Asked(app, id)).Done);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void A_held_step_that_was_done_unknown_to_all_is_undone_when_it_is_declared_so(string coupling)
    {
        using var app = Transfers.Open(Held, _faults);
        _faults.On($"{Withdraw} None>Done", Fault.After, times: 1)
            .On(point => _faults.Struck > 0 && point.Contains("accountsAccount:a", StringComparison.Ordinal), Fault.Before);
        var id = Transfers.Start(app, Held, coupling);
        var parked = Transfers.After(app, id);
        Assert.Equal(StepState.Parked, parked.Steps[1].State);
        _faults.Clear();

        Resolve(app, id, "undone");

        Assert.Equal(TransactionState.Compensated, Transfers.After(app, id).State);
        Assert.Equal((100, 100), Transfers.Balances(app));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void A_held_step_needs_to_be_told_which(string coupling)
    {
        using var app = Transfers.Open(Held, balance: 10);
        var id = Parked(app, coupling);

        IsAskedFor(() => Resolve(app, id, null), "done or undone");

        Assert.Equal(StepState.Parked, Transfers.After(app, id).Steps[1].State);
        Assert.Empty(Asked(app, id));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void An_undo_cannot_be_declared_done(string coupling)
    {
        using var app = Transfers.Open(Held, _faults);
        _faults.On("deposit None>Done", Fault.Before).On($"{Withdraw} Done>Undone", Fault.Before);
        var id = Transfers.Start(app, Held, coupling);
        Assert.Equal(StepState.Parked, Transfers.After(app, id, minutes: 2).Steps[1].State);

        IsAskedFor(() => Resolve(app, id, "done"), "must be undone");
        Assert.Empty(Asked(app, id));

        _faults.Clear();
        Resolve(app, id, null);
        Assert.Equal(TransactionState.Compensated, Transfers.After(app, id).State);
        Assert.False(Assert.Single(Asked(app, id)).Done);
        Assert.Equal((70, 100), Transfers.Balances(app));
    }

    [Fact]
    public void What_stands_still_before_anybody_knows_what_is_owed_can_only_be_retried()
    {
        using var app = Transfers.Open(Held, balance: 10);
        var id = Parked(app, Coupling.Events);
        app.Scheduler.Run(async () =>
        {
            var header = app.Store.StateOf<TransactionLog>(id).Header!;
            return await app.Get<StepMemory>().ChangeAsync(header, Withdraw, notes => notes with { Parked = notes.Parked! with { Act = null } }, default);
        });

        var told = Assert.Throws<ProblemException>(() => Resolve(app, id, "done"));

        Assert.Equal(409, told.Status);
        Assert.Contains("only be retried", told.Message, StringComparison.Ordinal);
        Assert.Empty(Asked(app, id));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Another_input_waits_until_what_was_tried_before_is_settled(string coupling)
    {
        var isFatal = true;
        using var app = Transfers.Open(Held, balance: 10, around: (call, carryOut) =>
            isFatal && call.Invocation.Mode == Mode.Refuse ? Task.FromResult(new Answer(false, "Nobody can tell.", false, []) { IsFatal = true }) : carryOut(call.Invocation));
        var id = Parked(app, coupling);
        var corrected = JsonSerializer.SerializeToElement(Transfers.Input(from: "b"), StorageJson.Options);

        app.Control((control, client) => control.RetryAsync(client, id, Withdraw, new RetryAsked("ann", Input: corrected), default));
        var parked = Transfers.After(app, id);

        Assert.Equal((StepState.Parked, "Nobody can tell."), (parked.Steps[1].State, parked.Steps[1].Reason));
        Assert.DoesNotContain(app.Store.Ledger, entry => entry.Key.EndsWith(":e1", StringComparison.Ordinal));
        isFatal = false;
        app.Control((control, client) => control.RetryAsync(client, id, Withdraw, new RetryAsked("ann", Input: corrected), default));
        Assert.Equal(TransactionState.Completed, Transfers.After(app, id).State);
        Assert.Equal((10, 100), Transfers.Balances(app));
    }

    /// <summary>A transfer from an account that has too little.</summary>
    private static string Parked(SimulatedApp app, string coupling)
    {
        var id = Transfers.Start(app, Held, coupling);
        Assert.Equal([StepState.Succeeded, StepState.Parked, StepState.Waiting], Transfers.After(app, id).Steps.Select(step => step.State));
        return id;
    }

    private static void Resolve(SimulatedApp app, string id, string? outcome) =>
        app.Control((control, client) => control.ResolveAsync(client, id, Withdraw, new Resolution("ann", "asked the bank", outcome), default));

    private static void IsAskedFor(Action resolve, string what)
    {
        var told = Assert.Throws<ProblemException>(resolve);
        Assert.Equal(400, told.Status);
        Assert.Contains(what, Assert.Single(told.Errors!["outcome"]), StringComparison.Ordinal);
    }

    private static IEnumerable<ResolutionRequested> Asked(SimulatedApp app, string id) =>
        app.Store.Ledger.Where(entry => entry.Stream == new StreamId(TransactionLog.Category, id)).SelectMany(entry => entry.Events).OfType<ResolutionRequested>();
}

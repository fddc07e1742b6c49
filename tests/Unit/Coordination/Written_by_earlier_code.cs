using System.Text.Json;
using System.Text.Json.Nodes;
using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Control;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Services.Accounts;
using Atomic.Transactions;
using Atomic.Verification.Simulation;
using Microsoft.DurableTask;
using Xunit;

namespace Atomic.Unit.Coordination;

/// <summary>Starts and orders that an earlier version of this code has written lack what has come since, and go on as they would have.</summary>
public sealed class Written_by_earlier_code
{
    private const string Id = "00000099000000000000000000000000";
    private const string Withdraw = "withdraw";

    private static readonly Definition Held = New("held-transfer")
        .Step(Withdraw, "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount), held: true)
        .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount))
        .Deadline(TimeSpan.FromMinutes(30))
        .Build();

    private static readonly Definition Implicit = New("held-withdrawal")
        .Step(Withdraw, "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount), held: true)
        .Build();

    private bool _isRefusing = true;

    public static TheoryData<string> Orchestrated => [Coupling.Requests, Coupling.Commands];

    [Theory]
    [MemberData(nameof(Orchestrated))]
    public void A_start_has_its_deadline_from_when_its_run_begins(string coupling)
    {
        using var app = Transfers.Open(Held, balance: 10);
        app.Scheduler.StandStill(TimeSpan.FromMinutes(20));
        Begin(app, Held, coupling);

        Assert.Equal(TransactionState.NeedsAttention, Transfers.After(app, Id, minutes: 25).State);
        Assert.Equal(TransactionState.Compensated, Transfers.After(app, Id, minutes: 10).State);
    }

    [Theory]
    [MemberData(nameof(Orchestrated))]
    public void A_start_has_its_implicit_pivot_refused_in_its_history_alone(string coupling)
    {
        using var app = Transfers.Open(Implicit, balance: 10);
        Begin(app, Implicit, coupling);
        Assert.Equal(TransactionState.NeedsAttention, Transfers.After(app, Id).State);

        app.Control((control, client) => control.CancelAsync(client, Id, new Asked("ann"), default));

        Assert.Equal(TransactionState.Compensated, Transfers.After(app, Id).State);
        Assert.DoesNotContain(app.Engine[Id].History.Calls, call => call.Name == nameof(CommitTransaction));
    }

    [Theory]
    [MemberData(nameof(Orchestrated))]
    public void A_start_of_a_run_that_follows_another_brings_its_corrections(string coupling)
    {
        using var app = Transfers.Open(Held, balance: 10, around: (call, carryOut) =>
            call is { Name: nameof(DepositMoney), Invocation.Mode: Mode.Perform } ? new TaskCompletionSource<Answer>().Task : carryOut(call.Invocation));
        Begin(app, Held, coupling);
        Correct(app, from: "b");
        Assert.Equal(StepState.Succeeded, Transfers.After(app, Id).Steps[0].State);
        app.Engine.Lose(Id);

        Begin(app, Held, coupling, start =>
        {
            start["HasRunBefore"] = true;
            start["Corrections"] = new JsonObject { [Withdraw] = new JsonArray(Json(from: "b")) };
        });
        Assert.Equal(StepState.Succeeded, Transfers.After(app, Id).Steps[0].State);
        app.Control((control, client) => control.CancelAsync(client, Id, new Asked("ann"), default));

        Assert.Equal(TransactionState.Compensated, Transfers.After(app, Id, minutes: 2).State);
        Assert.Equal((10, 100), Transfers.Balances(app));
        Assert.DoesNotContain(app.Engine[Id].History.Calls, call => call.Name == nameof(RecallTransactionFunction.RecallTransaction));
    }

    [Theory]
    [MemberData(nameof(Orchestrated))]
    public void A_correction_without_a_number_is_the_next(string coupling)
    {
        using var app = Transfers.Open(Held, balance: 10);
        Begin(app, Held, coupling);
        Assert.Equal(TransactionState.NeedsAttention, Transfers.After(app, Id).State);

        Order(app, from: "unknown");
        Assert.Equal(TransactionState.NeedsAttention, Transfers.After(app, Id).State);
        Order(app, from: "b");

        Assert.Equal(TransactionState.Completed, Transfers.After(app, Id).State);
        Assert.Equal(["e2"], Done(app));
    }

    [Theory]
    [MemberData(nameof(Orchestrated))]
    public void A_correction_without_a_number_is_dropped_when_the_input_before_cannot_be_settled(string coupling)
    {
        using var app = Transfers.Open(Held, balance: 10, around: (call, carryOut) =>
            _isRefusing && call.Invocation is { Mode: Mode.Refuse, CommandId: var key } && key.EndsWith(Withdraw, StringComparison.Ordinal)
                ? Task.FromResult(new Answer(false, "Nobody can tell.", false, []) { IsFatal = true })
                : carryOut(call.Invocation));
        Begin(app, Held, coupling);
        Assert.Equal(TransactionState.NeedsAttention, Transfers.After(app, Id).State);

        Order(app, from: "b");
        Transfers.After(app, Id);
        _isRefusing = false;

        Assert.Equal(TransactionState.NeedsAttention, Transfers.After(app, Id, minutes: 10).State);
        Assert.Equal((10, 100), Transfers.Balances(app));
    }

    [Fact]
    public void A_correction_without_a_number_and_a_coordinator_is_the_next()
    {
        using var app = Transfers.Open(Held, balance: 10);
        var id = Transfers.Start(app, Held, Coupling.Events);
        Assert.Equal(TransactionState.NeedsAttention, Transfers.After(app, id).State);

        foreach (var account in new[] { "unknown", "b" })
        {
            app.Scheduler.Run(async () =>
            {
                await app.Get<Choreographer>().CarryOutAsync(Unnumbered(app, id, account), default);
                return true;
            });
            Transfers.After(app, id);
        }

        Assert.Equal(TransactionState.Completed, app.Find(id).State);
        Assert.Equal(["e2"], Done(app));
    }

    private static DefinitionBuilder<TransferMoney> New(string name) => new(name, version: 1);

    private static JsonNode Json(string from) => JsonSerializer.SerializeToNode(Transfers.Input(from), StorageJson.Options)!;

    private static void Begin(SimulatedApp app, Definition definition, string coupling, Action<JsonObject>? change = null)
    {
        var start = new JsonObject
        {
            ["Definition"] = definition.Name,
            ["Version"] = definition.Version,
            ["Coordination"] = coupling,
            ["Fingerprint"] = "f",
            ["Input"] = Json(from: "a"),
            ["StartedAt"] = "2030-01-01T00:00:00+00:00",
            ["TraceParent"] = null,
        };
        change?.Invoke(start);
        app.Scheduler.Run(() => app.Engine.ScheduleNewOrchestrationInstanceAsync(
            nameof(TransactionOrchestrator.RunTransaction), start, new StartOrchestrationOptions(Id)));
        Transfers.After(app, Id);
    }

    private static void Correct(SimulatedApp app, string from) => app.Control((control, client) => control.RetryAsync(
        client, Id, Withdraw, new RetryAsked("ann", Input: JsonSerializer.SerializeToElement(Transfers.Input(from), StorageJson.Options)), default));

    private static void Order(SimulatedApp app, string from)
    {
        var order = new JsonObject { ["Kind"] = 1, ["Step"] = Withdraw, ["Reason"] = "Retried by ann.", ["Input"] = Json(from), ["Done"] = false };
        app.Scheduler.Run(async () =>
        {
            await app.Engine.RaiseEventAsync(Id, Signals.OrderEvent, order);
            return true;
        });
    }

    private static StepOrder Unnumbered(SimulatedApp app, string id, string from)
    {
        var header = app.Store.StateOf<TransactionLog>(id).Header!;
        var order = JsonSerializer.SerializeToNode(new StepOrder(header, Withdraw, StepOrderKind.Retry, Data: Json(from).Deserialize<JsonElement>()), StorageJson.Options)!.AsObject();
        Assert.True(order.Remove("edition"));
        return order.Deserialize<StepOrder>(StorageJson.Options)!;
    }

    private static IEnumerable<string> Done(SimulatedApp app) => app.Store.Ledger
        .Where(entry => entry.Key.Contains($":{Withdraw}", StringComparison.Ordinal) && entry.To == RecordState.Done).Select(entry => entry.Key.Split(':')[^1]);
}

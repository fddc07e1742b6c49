using System.Text;
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

/// <summary>A step that is carried out by an event from outside, with data of its own: here, a deposit that somebody else makes.</summary>
public sealed class Waiting_for_an_event
{
    private const string Await = "await-deposit";

    private static readonly TimeSpan Limit = TimeSpan.FromDays(3);

    private static readonly Definition Awaited = new DefinitionBuilder<TransferMoney>("awaited-deposit", version: 1)
        .Step("withdraw", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount))
        .Decision<DepositMoney>(Await, "accounts", t => new DepositMoney(t.To, t.Amount), Limit, problems: d => MoneyProblems.Of(d.Amount, "amount"))
        .Pivot("send-receipt", "accounts", t => new SendReceipt(t.From, t.To, t.Amount))
        .Build();

    public static TheoryData<string> Couplings => [.. Coupling.All];

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Its_own_data_are_what_is_carried_out(string coupling)
    {
        using var app = Transfers.Open(Awaited);
        var id = Waiting(app, coupling);

        Tell(app, id, Deposit(25));
        var ended = Transfers.After(app, id);

        Assert.Equal((TransactionState.Completed, (70m, 125m)), (ended.State, Transfers.Balances(app)));
        Assert.Single(app.Store.Ledger, entry => entry.Key == $"{id}:{Await}");
        // Whoever sends it may send it again at any time; what is said otherwise comes too late.
        Assert.Equal(TransactionState.Completed, Tell(app, id, Deposit(25)).State);
        Assert.Equal(409, Told(app, id, Deposit(26)).Status);
        Transfers.After(app, id);
        Assert.Equal((70m, 125m), Transfers.Balances(app));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void The_transaction_is_reverted_when_nothing_comes_within_the_limit(string coupling)
    {
        using var app = Transfers.Open(Awaited);
        var id = Waiting(app, coupling);

        var ended = app.RunToEnd(id, Limit + TimeSpan.FromMinutes(1));

        Assert.Equal((TransactionState.Compensated, (100m, 100m)), (ended.State, Transfers.Balances(app)));
        Assert.Equal(409, Told(app, id, Deposit(25)).Status);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void The_transaction_is_reverted_when_its_participant_refuses_it(string coupling)
    {
        using var app = Transfers.Open(Awaited);
        var id = Waiting(app, coupling);

        Tell(app, id, """{ "account": "b", "amount": { "amount": 25, "currency": "USD" } }""");
        var ended = Transfers.After(app, id);

        Assert.Equal((TransactionState.Compensated, $"{Await}: It is in EUR."), (ended.State, ended.Reason));
        Assert.Equal((100m, 100m), Transfers.Balances(app));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void What_is_wrong_with_its_data_is_named_and_it_goes_on_waiting(string coupling)
    {
        using var app = Transfers.Open(Awaited);
        var id = Waiting(app, coupling);

        Assert.Equal(["amount"], Named(app, id, """{ "account": "b" }"""));
        Assert.Equal(["colour"], Named(app, id, """{ "account": "b", "amount": { "amount": 25, "currency": "EUR" }, "colour": "red" }"""));
        Assert.Equal(["amount"], Named(app, id, Deposit(-1)).Select(field => field.Split('.')[0]).Distinct());
        // Its record would be elsewhere than where the limit looks for it.
        Assert.Equal(["account"], Named(app, id, """{ "account": "a", "amount": { "amount": 25, "currency": "EUR" } }"""));

        Assert.Equal(StepState.Running, Transfers.After(app, id).Steps[1].State);
        Tell(app, id, Deposit(25));
        Assert.Equal(TransactionState.Completed, Transfers.After(app, id).State);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void What_waits_for_no_event_cannot_be_told_one(string coupling)
    {
        using var app = Transfers.Open(Awaited);
        var id = Waiting(app, coupling);

        Assert.Equal(404, Told(app, id, Deposit(25), step: "withdraw").Status);
        Assert.Equal(404, Told(app, id, Deposit(25), step: "nothing").Status);
        var approval = Assert.Throws<ProblemException>(() =>
            app.Control((control, client) => control.DecideAsync(client, id, Await, new Decision(true, "ann"), default)));
        Assert.Equal(404, approval.Status);
    }

    [Fact]
    public void A_definition_whose_event_could_be_about_anything_is_refused()
    {
        var handled = Participant.Of("elsewhere", null!).On<DepositMoney>((_, _, _) => throw new NotSupportedException());
        var definition = new DefinitionBuilder<TransferMoney>("unaddressed", version: 1)
            .Decision<DepositMoney>(Await, "elsewhere", t => new DepositMoney(t.To, t.Amount), Limit)
            .Build();
        using var app = new SimulatedApp();

        var wrong = Assert.Throws<DefinitionException>(() => new TransactionCatalog(
            [TransactionType.Of<TransferMoney>(definition, _ => [])], new ParticipantDirectory([handled, app.Get<ParticipantDirectory>()["transactions"]])));

        Assert.Contains($"'{Await}' waits for 'DepositMoney', and 'elsewhere' does not tell which stream", Assert.Single(wrong.Problems), StringComparison.Ordinal);
    }

    private static string Waiting(SimulatedApp app, string coupling)
    {
        var id = Transfers.Start(app, Awaited, coupling);
        Assert.Equal([StepState.Succeeded, StepState.Running, StepState.Waiting], Transfers.After(app, id).Steps.Select(step => step.State));
        return id;
    }

    private static string Deposit(decimal amount) =>
        System.Text.Json.JsonSerializer.Serialize(new DepositMoney(new AccountId("b"), new Money(amount, "EUR")), StorageJson.Options);

    private static TransactionView Tell(SimulatedApp app, string id, string data, string step = Await) =>
        app.Control((control, client) => control.TellAsync(client, id, step, Encoding.UTF8.GetBytes(data), "the bank", default));

    private static ProblemException Told(SimulatedApp app, string id, string data, string step = Await) =>
        Assert.Throws<ProblemException>(() => Tell(app, id, data, step));

    private static IEnumerable<string> Named(SimulatedApp app, string id, string data)
    {
        var told = Told(app, id, data);
        Assert.Equal(400, told.Status);
        return told.Errors!.Keys;
    }
}

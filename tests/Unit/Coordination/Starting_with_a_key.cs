using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Services.Accounts;
using Atomic.Transactions;
using Atomic.Verification.Simulation;
using Xunit;

namespace Atomic.Unit.Coordination;

/// <summary>A key starts one transaction, in one coupling, whoever else comes with it at the same time.</summary>
public sealed class Starting_with_a_key
{
    private const string Key = "order-17";
    private const int Seeds = 60;

    private static readonly Definition Transfer = new DefinitionBuilder<TransferMoney>("keyed-transfer", version: 1)
        .Step("withdraw", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount))
        .Step("deposit", "accounts", t => new DepositMoney(t.To, t.Amount), undoneBy: t => new WithdrawMoney(t.To, t.Amount))
        .Build();

    private static readonly Definition Held = new DefinitionBuilder<TransferMoney>("held-transfer", version: 1)
        .Step("withdraw", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount), held: true)
        .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount))
        .Build();

    private readonly FaultScript _faults = new();

    public static TheoryData<string, string> Pairs => new()
    {
        { Coupling.Commands, Coupling.Events },
        { Coupling.Commands, Coupling.Requests },
        { Coupling.Events, Coupling.Requests },
    };

    public static TheoryData<string> Couplings => [.. Coupling.All];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Of_two_couplings_at_once_one_is_taken_and_the_other_is_told_so(string one, string other)
    {
        var taken = new HashSet<string>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            using var app = Transfers.Open(Transfer, scheduler: Scheduler.Seeded(seed));

            var both = app.Scheduler.Run(() => Task.WhenAll(TryAsync(app, one), TryAsync(app, other)));

            var accepted = Assert.Single(both, each => each.Problem is null).View!;
            Assert.Equal(422, Assert.Single(both, each => each.Problem is not null).Problem!.Status);
            app.Scheduler.RunFor(TimeSpan.FromMinutes(10));
            var ended = app.Find(accepted.Id);
            Assert.Equal((accepted.Coordination, TransactionState.Completed), (ended.Coordination, ended.State));
            Assert.Equal((70, 130), Transfers.Balances(app));
            Assert.Single(app.Store.Ledger, entry => entry.Key == $"{accepted.Id}:deposit");
            taken.Add(accepted.Coordination);
        }

        Assert.Equal(new[] { one, other }, taken.Order());
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Of_two_in_one_coupling_at_once_both_are_answered_with_one_transaction(string coupling)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            using var app = Transfers.Open(Transfer, scheduler: Scheduler.Seeded(seed));

            var both = app.Scheduler.Run(() => Task.WhenAll(TryAsync(app, coupling), TryAsync(app, coupling)));

            Assert.Equal(both[0].View!.Id, both[1].View!.Id);
        }
    }

    [Theory]
    [InlineData(Coupling.Requests, Coupling.Events)]
    [InlineData(Coupling.Commands, Coupling.Requests)]
    public void One_that_was_cut_off_before_it_began_goes_on_when_it_comes_again_and_no_other_takes_its_key(string coupling, string other)
    {
        using var app = Transfers.Open(Transfer, _faults);
        _faults.On(point => point.StartsWith("append transactionsTransaction:", StringComparison.Ordinal), Fault.After, times: 1);
        Assert.Throws<SimulatedException>(() => app.Scheduler.Run(() => StartAsync(app, coupling)));

        Assert.Equal(422, Assert.Throws<ProblemException>(() => app.Scheduler.Run(() => StartAsync(app, other))).Status);
        var started = app.Scheduler.Run(() => StartAsync(app, coupling));

        app.Scheduler.RunFor(TimeSpan.FromMinutes(10));
        Assert.Equal((coupling, TransactionState.Completed), (app.Find(started.Id).Coordination, app.Find(started.Id).State));
        Assert.Equal((70, 130), Transfers.Balances(app));
    }

    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    public void Comes_again_to_what_was_done_when_the_engine_has_lost_it(string coupling)
    {
        using var app = Transfers.Open(Held, balance: 10);
        var id = app.Start(Held.Name, coupling, Transfers.Input(from: "a"), Key);
        Assert.Equal(TransactionState.NeedsAttention, Transfers.After(app, id).State);
        app.Control((control, client) => control.RetryAsync(
            client, id, "withdraw", new RetryAsked("ann", Input: JsonSerializer.SerializeToElement(Transfers.Input(from: "b"), StorageJson.Options)), default));
        Assert.Equal(TransactionState.Completed, Transfers.After(app, id).State);

        app.Engine.Lose(id);
        Assert.Equal(id, app.Start(Held.Name, coupling, Transfers.Input(from: "a"), Key));

        Assert.Equal(TransactionState.Completed, Transfers.After(app, id, minutes: 10).State);
        Assert.Single(app.Store.Ledger, entry => entry.Key.StartsWith($"{id}:withdraw", StringComparison.Ordinal) && entry.To == RecordState.Done);
        Assert.Equal((10, 100), Transfers.Balances(app));
    }

    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    public void Takes_one_request_more_than_starting_without_one(string coupling)
    {
        var (keyed, bare) = (Appends(Key), Appends(null));

        Assert.Equal((1, 0), (keyed, bare));

        int Appends(string? key)
        {
            using var app = Transfers.Open(Transfer);
            var before = app.Points.Counts.GetValueOrDefault("append");
            app.Scheduler.Run(() => StartAsync(app, coupling, key));
            return app.Points.Counts.GetValueOrDefault("append") - before;
        }
    }

    private static async Task<(TransactionView? View, ProblemException? Problem)> TryAsync(SimulatedApp app, string coupling)
    {
        try
        {
            return (await StartAsync(app, coupling), null);
        }
        catch (ProblemException e)
        {
            return (null, e);
        }
    }

    private static Task<TransactionView> StartAsync(SimulatedApp app, string coupling, string? key = Key) => app.Get<TransactionStarter>().StartAsync(
        app.Engine, Transfer.Name, coupling, key, JsonSerializer.SerializeToUtf8Bytes(Transfers.Input(from: "a"), StorageJson.Options), CancellationToken.None);
}

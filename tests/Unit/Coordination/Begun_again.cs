using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Watch;
using Atomic.Services.Accounts;
using Atomic.Transactions;
using Atomic.Verification.Simulation;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Atomic.Unit.Coordination;

/// <summary>A transaction whose orchestration failed, or was lost, has no more time in its next run than it had left.</summary>
public sealed class Begun_again
{
    private static readonly Definition Held = new DefinitionBuilder<TransferMoney>("timely-transfer", version: 1)
        .Step("withdraw", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount), held: true)
        .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount))
        .Deadline(TimeSpan.FromMinutes(30))
        .Build();

    private static readonly Definition Newer = new DefinitionBuilder<TransferMoney>("timely-transfer", version: 2)
        .Step("take", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount))
        .Pivot("give", "accounts", t => new DepositMoney(t.To, t.Amount))
        .Deadline(TimeSpan.FromMinutes(30))
        .Build();

    private static readonly Definition Forward = new DefinitionBuilder<TransferMoney>("told-transfer", version: 1)
        .Step("withdraw", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount))
        .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount))
        .ForwardOnly("tell", "accounts", t => new CheckLimit(t.To, t.Amount))
        .Deadline(TimeSpan.FromMinutes(30))
        .Build();

    [Theory]
    [InlineData(Coupling.Requests, true)]
    [InlineData(Coupling.Requests, false)]
    [InlineData(Coupling.Commands, true)]
    [InlineData(Coupling.Commands, false)]
    public void Keeps_its_deadline(string coupling, bool isLost)
    {
        using var app = Transfers.Open(Held, balance: 10);
        var id = Transfers.Start(app, Held, coupling);
        app.Scheduler.RunFor(TimeSpan.FromMinutes(20.5));

        if (isLost) app.Engine.Lose(id);
        else app.Engine.Fail(id);
        Assert.Single(app.Scheduler.Run(() => app.Get<TransactionWatch>().RunAsync(app.Engine, CancellationToken.None)));

        Assert.Equal(TransactionState.NeedsAttention, Transfers.After(app, id, minutes: 8).State);
        Assert.Equal(TransactionState.Compensated, Transfers.After(app, id, minutes: 3).State);
    }

    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    public void Keeps_its_deadline_and_its_place_when_its_key_begins_it_again(string coupling)
    {
        const string key = "order-17";
        using var app = Transfers.Open(Held, balance: 10);
        var id = app.Start(Held.Name, coupling, Transfers.Input(from: "a"), key);
        app.Scheduler.RunFor(TimeSpan.FromMinutes(20.5));

        app.Engine.Lose(id);
        Assert.Equal(id, app.Start(Held.Name, coupling, Transfers.Input(from: "a"), key));

        Assert.Equal(TransactionState.NeedsAttention, Transfers.After(app, id, minutes: 8).State);
        Assert.Equal(TransactionState.Compensated, Transfers.After(app, id, minutes: 10).State);
        Assert.Empty(app.Scheduler.Run(() => app.Get<TransactionWatch>().RunAsync(app.Engine, CancellationToken.None)));
    }

    // Its steps' records are those of the version under which it began.
    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    public void Keeps_its_version_when_its_key_begins_it_again(string coupling)
    {
        const string key = "order-17";
        using var before = Transfers.Open(Held);
        var id = before.Start(Held.Name, coupling, Transfers.Input(from: "a"), key);
        Assert.Equal(TransactionState.Completed, Transfers.After(before, id).State);
        IEnumerable<TransactionType> types = [TransactionType.Of<TransferMoney>(Held, _ => []), TransactionType.Of<TransferMoney>(Newer, _ => [])];
        using var app = new SimulatedApp(new SimulationSetup { Stored = before.Stored, Register = services => services.AddSingleton(types) });

        Assert.Equal(id, app.Start(Held.Name, coupling, Transfers.Input(from: "a"), key));

        var found = Transfers.After(app, id);
        Assert.Equal((1, TransactionState.Completed), (found.Version, found.State));
        Assert.Equal((70, 130), Transfers.Balances(app));
    }

    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    public void Is_not_reverted_past_its_pivot_that_the_run_before_has_done(string coupling)
    {
        var (isDown, hangs) = (true, false);
        using var app = Transfers.Open(Forward, around: (call, carryOut) =>
            hangs && call.Name == nameof(WithdrawMoney) ? new TaskCompletionSource<Answer>().Task
            : isDown && call.Invocation.CommandId.EndsWith(":tell", StringComparison.Ordinal) ? throw new IOException("It is down.")
            : carryOut(call.Invocation));
        var id = Transfers.Start(app, Forward, coupling);
        Assert.Equal(StepState.Parked, Transfers.After(app, id).Steps[^1].State);
        app.Engine.Fail(id);
        hangs = coupling == Coupling.Commands;
        app.Scheduler.Run(() => app.Get<TransactionWatch>().RunAsync(app.Engine, CancellationToken.None));

        // It comes before the new run has found out about any of its steps, or the deadline does.
        if (hangs) app.Control((control, client) => control.CancelAsync(client, id, new Asked("ann"), default));
        else app.Scheduler.StandStill(TimeSpan.FromHours(1));
        app.Scheduler.RunFor(TimeSpan.FromSeconds(10));
        (isDown, hangs) = (false, false);
        app.Scheduler.RunFor(TimeSpan.FromMinutes(10));

        Assert.Equal(TransactionState.Completed, app.Find(id).State);
        Assert.Equal((70, 130), Transfers.Balances(app));
    }

    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    public void Is_reverted_when_its_deadline_passed_meanwhile(string coupling)
    {
        using var app = Transfers.Open(Held, balance: 10);
        var id = Transfers.Start(app, Held, coupling);
        app.Scheduler.RunFor(TimeSpan.FromMinutes(20));
        app.Engine.Fail(id);
        app.Scheduler.StandStill(TimeSpan.FromHours(1));

        app.Scheduler.Run(() => app.Get<TransactionWatch>().RunAsync(app.Engine, CancellationToken.None));

        Assert.Equal(TransactionState.Compensated, Transfers.After(app, id).State);
        Assert.Equal((10, 100), Transfers.Balances(app));
    }
}

using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Services.Accounts;
using Atomic.Transactions;
using Atomic.Verification;
using Atomic.Verification.Simulation;
using Xunit;

namespace Atomic.Unit.Coordination;

/// <summary>
/// A fact whose participant is down, and cannot even put it off, is dead-lettered in the end. That spends its step's policy: the step is settled
/// by its record, and the transaction goes one way or the other.
/// </summary>
public sealed class Dead_lettered_facts
{
    private const int MostDeliveries = 10;
    private const string DeadLetters = "events/accounts-steps/$DeadLetterQueue";

    private static readonly Definition Transfer = new DefinitionBuilder<TransferMoney>("plain-transfer", version: 1)
        .Step("withdraw", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount))
        .Step("other", "accounts", t => new WithdrawMoney(t.To, t.Amount), undoneBy: t => new ReturnMoney(t.To, t.Amount))
        .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount))
        .Build();

    [Theory]
    [InlineData(MostDeliveries - 1, false)]
    [InlineData(MostDeliveries, true)]
    [InlineData(MostDeliveries + 1, true)]
    [InlineData(MostDeliveries + 4, true)]
    [InlineData(4 * MostDeliveries, true)]
    public void Are_settled_by_the_record_and_nothing_is_left_lying(int failures, bool isDeadLettered)
    {
        var (left, putOff, faults) = (failures, 0, new FaultScript());
        using var app = Transfers.Open(Transfer, faults, around: (call, carryOut) =>
            call.Invocation is { Mode: Atomic.EventSourcing.Mode.Perform, CommandId: var key } && key.EndsWith(":other", StringComparison.Ordinal) && left-- > 0
                ? throw new IOException("It is down.")
                : carryOut(call.Invocation));
        faults.On(point => point.StartsWith("send accounts-commands", StringComparison.Ordinal)
            && point.Contains(":other:Hear", StringComparison.Ordinal) && putOff++ < failures, Fault.Before);

        var id = Transfers.Start(app, Transfer, Coupling.Events);
        var ended = Transfers.After(app, id, minutes: 30);

        // The dead letter is one try more, which finds it up again after as many failures as there are deliveries.
        var isReverted = failures > MostDeliveries;
        Assert.Equal(isReverted ? TransactionState.Compensated : TransactionState.Completed, ended.State);
        Assert.Equal(isReverted ? (100, 100) : (70, 100), Transfers.Balances(app));
        Assert.Equal(isDeadLettered, app.Bus.Delivered.ContainsKey(DeadLetters));
        Assert.Empty(app.Bus.Lying);
        Assert.Empty(new Oracle(Transfer, id).Violations(app.Store.Ledger, ended.State));
    }
}

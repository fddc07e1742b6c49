using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Services.Accounts;
using Atomic.Transactions;
using Atomic.Verification;
using Atomic.Verification.Simulation;
using Xunit;

namespace Atomic.Unit.Verification;

/// <summary>What the oracle reads from a ledger of effects.</summary>
public sealed class Ledgers
{
    private static readonly Definition Withdrawing = new DefinitionBuilder<TransferMoney>("two-withdrawals", 1)
        .Step("first", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount))
        .StepWithNothingToUndo("check", "accounts", t => new CheckLimit(t.From, t.Amount))
        .Step("second", "accounts", t => new WithdrawMoney(t.To, t.Amount), undoneBy: t => new ReturnMoney(t.To, t.Amount))
        .Build();

    [Fact]
    public void Show_an_undo_before_that_of_a_step_that_needed_it_by_way_of_one_with_nothing_to_undo()
    {
        List<LedgerEntry> ledger =
        [
            Of("first", RecordState.None, RecordState.Done), Of("check", RecordState.None, RecordState.Done), Of("second", RecordState.None, RecordState.Done),
            Of("first", RecordState.Done, RecordState.Undone), Of("second", RecordState.Done, RecordState.Undone),
        ];

        Assert.Equal(["first is undone while second stands"], new Oracle(Withdrawing, "t").Violations(ledger, TransactionState.Compensated));
    }

    [Fact]
    public void Show_nothing_where_all_is_undone_in_the_opposite_order()
    {
        List<LedgerEntry> ledger =
        [
            Of("first", RecordState.None, RecordState.Done), Of("check", RecordState.None, RecordState.Done), Of("second", RecordState.None, RecordState.Done),
            Of("second", RecordState.Done, RecordState.Undone), Of("first", RecordState.Done, RecordState.Undone),
        ];

        Assert.Empty(new Oracle(Withdrawing, "t").Violations(ledger, TransactionState.Compensated));
    }

    private static LedgerEntry Of(string step, RecordState from, RecordState to) => new(new StreamId("accountsAccount", "a"), $"t:{step}", from, to, []);
}

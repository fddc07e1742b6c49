using Atomic.Services;
using Atomic.Services.Accounts;
using Atomic.Transactions;

namespace Atomic.Functions.Definitions;

/// <summary>Money from one account to another.</summary>
public sealed record TransferMoney(AccountId From, AccountId To, Money Amount)
{
    public static Definition Definition { get; } = new DefinitionBuilder<TransferMoney>("transfer-money", version: 1)
        .StepWithNothingToUndo("check-limit", "accounts", t => new CheckLimit(t.From, t.Amount))
        .Step("withdraw", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount))
        .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount))
        .ForwardOnly("send-receipt", "accounts", t => new SendReceipt(t.From, t.To, t.Amount))
        .Build();

    public IEnumerable<string> Keys() => [From.Value, To.Value];

    public IEnumerable<(string Field, string Problem)> Problems() =>
        [.. IdProblems.Of(("from", From.Value), ("to", To.Value)), .. MoneyProblems.Of(Amount, "amount")];
}

using Atomic.Functions.Definitions;
using Atomic.Services;
using Atomic.Services.Accounts;
using Atomic.Transactions;

namespace Atomic.Benchmarks.Couplings;

/// <summary>Money from five accounts, one after the other; the last may be too poor, and then the four before it get theirs back.</summary>
internal sealed record FiveSteps(IReadOnlyList<AccountId> Accounts, Money Amount)
{
    public const string Name = "five-steps";

    public static TransactionType Type { get; } = TransactionType.Of<FiveSteps>(
        Enumerable.Range(0, 5).Aggregate(new DefinitionBuilder<FiveSteps>(Name, version: 1), (definition, n) => definition.Step(
            $"withdraw-{n + 1}", "accounts",
            f => new WithdrawMoney(f.Accounts[n], f.Amount),
            undoneBy: f => new ReturnMoney(f.Accounts[n], f.Amount))).Build(),
        _ => []);
}

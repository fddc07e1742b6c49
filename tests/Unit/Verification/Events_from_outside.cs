using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Services;
using Atomic.Services.Accounts;
using Atomic.Transactions;
using Atomic.Verification;
using Xunit;
using Xunit.Abstractions;

namespace Atomic.Unit.Verification;

/// <summary>A definition that waits for an event from outside is verified like any other: the event comes, whatever goes wrong.</summary>
public sealed class Events_from_outside(ITestOutputHelper output)
{
    private static readonly Scenario Awaited = new(
        "awaited-deposit",
        TransactionType.Of<TransferMoney>(
            new DefinitionBuilder<TransferMoney>("awaited-deposit", version: 1)
                .Step("withdraw", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount))
                .Decision<DepositMoney>("await-deposit", "accounts", t => new DepositMoney(t.To, t.Amount), TimeSpan.FromDays(1))
                .Pivot("send-receipt", "accounts", t => new SendReceipt(t.From, t.To, t.Amount))
                .Build(),
            _ => []),
        new TransferMoney(new AccountId("a"), new AccountId("b"), new Money(30, "EUR")),
        app =>
        {
            foreach (var account in new[] { "a", "b" })
                app.Seed("accounts", new OpenAccount(new AccountId(account), new Money(100, "EUR"), new Money(50, "EUR")));
        });

    [Fact]
    public async Task Come_in_every_coupling_with_every_single_fault()
    {
        var verdict = await Verify.AllSinglesAsync(Awaited);

        output.WriteLine(verdict.ToString());
        Assert.Equal(Coupling.All, verdict.Couplings);
        Assert.All(verdict.Covered, one => Assert.True(one.Runs > 0 && one.States > 1, $"{one}"));
    }
}

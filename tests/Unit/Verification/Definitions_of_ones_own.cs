using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Services;
using Atomic.Services.Accounts;
using Atomic.Transactions;
using Atomic.Verification;
using Atomic.Verification.Faults;
using Atomic.Verification.Simulation;
using Xunit;
using Xunit.Abstractions;

namespace Atomic.Unit.Verification;

/// <summary>Definitions of other forms than the shipped ones: the right ones are accused of nothing, and what is wrong is found.</summary>
public sealed class Definitions_of_ones_own(ITestOutputHelper output)
{
    private static readonly string[] Accounts = ["a", "b"];

    [Fact]
    public async Task One_of_a_single_step_is_accused_of_nothing()
    {
        var verdict = await FindAsync(New("one").Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount)).Build());

        Assert.Empty(verdict.Violations);
    }

    [Fact]
    public async Task One_of_two_steps_is_accused_of_nothing()
    {
        var verdict = await FindAsync(Withdrawing("two", t => new ReturnMoney(t.From, t.Amount)));

        Assert.Empty(verdict.Violations);
    }

    [Fact]
    public async Task One_whose_steps_are_all_beside_each_other_has_every_undo_disturbed()
    {
        var verdict = await FindAsync(New("wide")
            .Step("left", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount), after: [])
            .Step("right", "accounts", t => new WithdrawMoney(t.To, t.Amount), undoneBy: t => new ReturnMoney(t.To, t.Amount), after: [])
            .Build());

        Assert.Empty(verdict.Violations);
        Assert.All(Coupling.All, coupling => Assert.Equal(
            Enum.GetValues<FaultClass>(), verdict.Covered.Where(one => one.Coupling == coupling).Select(one => one.Class).Order()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task A_compensation_that_gives_back_too_little_is_found(decimal given)
    {
        var wrong = Withdrawing("wrong-undo", t => new ReturnMoney(t.From, t.Amount with { Amount = given }));

        var verdict = await FindAsync(wrong, FaultClass.Refused);

        Assert.Contains(verdict.Violations.SelectMany(violation => violation.What), what => what.StartsWith("there is a 7", StringComparison.Ordinal));
    }

    private static DefinitionBuilder<TransferMoney> New(string name) => new(name, 1);

    private static Definition Withdrawing(string name, Func<TransferMoney, ReturnMoney> undo) => New(name)
        .Step("withdraw", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: undo)
        .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount)).Build();

    private async Task<Verdict> FindAsync(Definition definition, params FaultClass[] kinds)
    {
        var scenario = new Scenario(
            definition.Name, TransactionType.Of<TransferMoney>(definition, _ => []), new TransferMoney(new AccountId("a"), new AccountId("b"), Euros(30)), Open)
        {
            Amounts = app => string.Join(", ", Accounts.Select(account => $"{account} {app.Store.StateOf<Account>(account).Balance!.Amount:0}")),
        };
        var options = new VerificationOptions();
        var verdict = await Verify.FindAsync(scenario, kinds.Length == 0 ? options : options with { Kinds = kinds });
        output.WriteLine(verdict.ToString());
        return verdict;
    }

    private static void Open(SimulatedApp app)
    {
        foreach (var account in Accounts) app.Seed("accounts", new OpenAccount(new AccountId(account), Euros(100), Euros(50)));
    }

    private static Money Euros(decimal amount) => new(amount, "EUR");
}

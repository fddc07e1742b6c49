using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Services;
using Atomic.Services.Accounts;
using Atomic.Testing.Azurite;
using Atomic.Transactions;
using Xunit;

namespace Atomic.Integration.Coordination;

/// <summary>Two people pay together for a gift: a step that is a transaction, whose steps are transactions again, side by side.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Nested_transactions(ClassHost hosts) : IClassFixture<ClassHost>
{
    private const string Name = "shared-gift";
    private const string First = "collect.first.withdraw";
    private const string Second = "collect.second.withdraw";

    private static readonly Money Price = new(30, "EUR");
    private static readonly Money Plenty = new(100, "EUR");

    public static TheoryData<string> Couplings => [.. Coupling.All];

    private static IReadOnlyList<TransactionType> Definitions { get; } = [TransactionType.Of<SharedGift>(SharedGift.Definition, _ => [])];

    private sealed record Charge(AccountId Account, Money Amount)
    {
        public static Definition Definition { get; } = new DefinitionBuilder<Charge>("charge", version: 1)
            .StepWithNothingToUndo("check-limit", "accounts", c => new CheckLimit(c.Account, c.Amount))
            .Step("withdraw", "accounts", c => new WithdrawMoney(c.Account, c.Amount), undoneBy: c => new ReturnMoney(c.Account, c.Amount))
            .Build();
    }

    private sealed record Collection(AccountId First, AccountId Second, Money Each)
    {
        public static Definition Definition { get; } = new DefinitionBuilder<Collection>("collection", version: 1)
            .Nested("first", Charge.Definition, c => new Charge(c.First, c.Each))
            .Nested("second", Charge.Definition, c => new Charge(c.Second, c.Each), after: [])
            .Build();
    }

    private sealed record SharedGift(AccountId First, AccountId Second, AccountId Shop, Money Each)
    {
        public static Definition Definition { get; } = new DefinitionBuilder<SharedGift>(Name, version: 1)
            .StepWithNothingToUndo("check-limit", "accounts", g => new CheckLimit(g.First, g.Each))
            .Nested("collect", Collection.Definition, g => new Collection(g.First, g.Second, g.Each))
            .Pivot("pay", "accounts", g => new DepositMoney(g.Shop, g.Each))
            .ForwardOnly("send-receipt", "accounts", g => new SendReceipt(g.First, g.Shop, g.Each))
            .Build();
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task Complete_with_the_one_around_them(string coupling)
    {
        var host = await hosts.StartedAsync(Definitions);
        var gift = await Gift.NewAsync(host, coupling);

        var ended = await gift.EndAsync();

        Assert.Equal(TransactionState.Completed, ended.State);
        Assert.Equal(
            ["check-limit", "collect.first.check-limit", First, "collect.second.check-limit", Second, "pay", "send-receipt"],
            ended.Steps.Select(step => step.Name));
        Assert.All(ended.Steps, step => Assert.Equal((StepState.Succeeded, 1), (step.State, step.Attempts)));
        Assert.Equal((70, 70, 130), await gift.BalancesAsync());
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task Are_undone_by_their_own_compensations_when_one_of_their_steps_is_refused(string coupling)
    {
        var host = await hosts.StartedAsync(Definitions);
        var gift = await Gift.NewAsync(host, coupling, second: new Money(10, "EUR"));

        var ended = await gift.EndAsync();

        Assert.Equal((TransactionState.Compensated, $"{Second}: Its balance is too low."), (ended.State, ended.Reason));
        Assert.Equal(StepState.Refused, Gift.StateOf(ended, Second));
        Assert.True(Gift.StateOf(ended, First) is StepState.Undone or StepState.Skipped, $"{Gift.StateOf(ended, First)}");
        Assert.Equal(StepState.Skipped, Gift.StateOf(ended, "pay"));
        Assert.Equal((100, 10, 100), await gift.BalancesAsync());
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task Are_undone_when_a_step_behind_them_is_refused(string coupling)
    {
        var host = await hosts.StartedAsync(Definitions);
        var gift = await Gift.NewAsync(host, coupling, withShop: false);

        var ended = await gift.EndAsync();

        Assert.Equal((TransactionState.Compensated, "pay: There is no such account."), (ended.State, ended.Reason));
        Assert.All(new[] { First, Second }, step => Assert.Equal(StepState.Undone, Gift.StateOf(ended, step)));
        Assert.Equal((100, 100, null), await gift.BalancesAsync());
        Assert.Equal(2, host.Store.LedgerOf(gift.Id).SelectMany(entry => entry.Events).OfType<MoneyReturned>().Count());
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task Are_parked_and_tried_again_by_the_names_of_their_steps(string coupling)
    {
        var host = await hosts.StartedAsync(Definitions);
        var gift = await Gift.NewAsync(host, coupling, withShop: false);
        host.Store.On($"{gift.Id}:{First}", RecordState.Done, RecordState.Undone, Mishap.FailsBefore);
        await gift.StartAsync();
        await host.UntilAsync(gift.Id, found => found.State == TransactionState.NeedsAttention && Gift.StateOf(found, First) == StepState.Parked);

        host.Store.Forget($"{gift.Id}:{First}");
        await host.AcceptedAsync($"/api/transactions/{gift.Id}/steps/{First}/retry", new { by = "ann", why = "its cause is gone" });
        await host.UntilAsync(gift.Id, found => found.State == TransactionState.Compensated);

        Assert.Equal((100, 100, null), await gift.BalancesAsync());
    }

    private sealed record Gift(CoordinatedHost Host, string Coupling, string Number)
    {
        public string Id => CoordinatedHost.IdOf(Name, Number);

        private SharedGift Input => new(AccountOf("first"), AccountOf("second"), AccountOf("shop"), Price);

        public static async Task<Gift> NewAsync(CoordinatedHost host, string coupling, Money? second = null, bool withShop = true)
        {
            var gift = new Gift(host, coupling, Guid.NewGuid().ToString("N")[..12]);
            await gift.OpenAsync("first", Plenty);
            await gift.OpenAsync("second", second ?? Plenty);
            if (withShop) await gift.OpenAsync("shop", Plenty);
            return gift;
        }

        public Task<TransactionView> StartAsync() => Host.StartAsync(Name, Coupling, Input, Number);

        /// <summary>Runs to the end, which agrees with the ledger.</summary>
        public async Task<TransactionView> EndAsync()
        {
            await StartAsync();
            var ended = await Host.UntilAsync(Id, found => found.State is TransactionState.Completed or TransactionState.Compensated);
            Ended.Of(ended, SharedGift.Definition, Host.Store.LedgerOf(Id));
            return ended;
        }

        public static StepState StateOf(TransactionView found, string step) => found.Steps.Single(one => one.Name == step).State;

        public async Task<(decimal? First, decimal? Second, decimal? Shop)> BalancesAsync() =>
            (await BalanceAsync("first"), await BalanceAsync("second"), await BalanceAsync("shop"));

        private Task OpenAsync(string account, Money balance) => Host.SeedAsync("accounts", new OpenAccount(AccountOf(account), balance, Plenty));

        private async Task<decimal?> BalanceAsync(string account) =>
            (await Host.Store.LoadAsync<Account>(AccountOf(account).Value, likelyNew: false, default)).State.Balance?.Amount;

        private AccountId AccountOf(string account) => new($"{account}-{Number}");
    }
}

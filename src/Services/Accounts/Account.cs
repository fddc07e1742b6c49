using Atomic.EventSourcing;

namespace Atomic.Services.Accounts;

public sealed record OpenAccount(AccountId Account, Money Balance, Money Limit);
public sealed record CheckLimit(AccountId Account, Money Amount);
public sealed record WithdrawMoney(AccountId Account, Money Amount);
public sealed record ReturnMoney(AccountId Account, Money Amount);
public sealed record DepositMoney(AccountId Account, Money Amount);
public sealed record SendReceipt(AccountId Account, AccountId To, Money Amount);

public sealed record AccountOpened(Money Balance, Money Limit) : IEvent;
public sealed record MoneyWithdrawn(Money Amount) : IEvent;
public sealed record MoneyReturned(Money Amount) : IEvent;
public sealed record MoneyDeposited(Money Amount) : IEvent;
public sealed record ReceiptSent(AccountId To, Money Amount) : IEvent;
public sealed record AccountRefused(string Reason) : IRefusal;

/// <summary>An account with its balance, and the most that it transfers at once.</summary>
public sealed record Account(Money? Balance, Money? Limit) : IAggregate<Account>
{
    public static string Category => "accountsAccount";
    public static EventTypes Events { get; } = EventTypes.Of(
        typeof(AccountOpened), typeof(MoneyWithdrawn), typeof(MoneyReturned), typeof(MoneyDeposited), typeof(ReceiptSent), typeof(AccountRefused));
    public static Account Initial { get; } = new(null, null);

    public Account Evolve(IEvent e) => e switch
    {
        AccountOpened opened => new Account(opened.Balance, opened.Limit),
        MoneyWithdrawn withdrawn => this with { Balance = Balance! - withdrawn.Amount },
        MoneyReturned returned => this with { Balance = Balance! + returned.Amount },
        MoneyDeposited deposited => this with { Balance = Balance! + deposited.Amount },
        _ => this,
    };

    public IReadOnlyList<IEvent> Decide(OpenAccount command) => Balance is null ? [new AccountOpened(command.Balance, command.Limit)] : [];
    public IReadOnlyList<IEvent> Decide(CheckLimit command) =>
        Refusal(command.Amount, command.Amount.Amount > Limit?.Amount ? $"It transfers at most {Limit} at once." : null) ?? [];
    public IReadOnlyList<IEvent> Decide(WithdrawMoney command) =>
        Refusal(command.Amount, command.Amount.Amount > Balance?.Amount ? "Its balance is too low." : null) ?? [new MoneyWithdrawn(command.Amount)];
    public static IReadOnlyList<IEvent> Decide(ReturnMoney command) => [new MoneyReturned(command.Amount)];
    public IReadOnlyList<IEvent> Decide(DepositMoney command) => Refusal(command.Amount, null) ?? [new MoneyDeposited(command.Amount)];
    public static IReadOnlyList<IEvent> Decide(SendReceipt command) => [new ReceiptSent(command.To, command.Amount)];

    private IReadOnlyList<IEvent>? Refusal(Money amount, string? other) => this switch
    {
        { Balance: null } => [new AccountRefused("There is no such account.")],
        _ when Balance.Currency != amount.Currency => [new AccountRefused($"It is in {Balance.Currency}.")],
        _ => other is null ? null : [new AccountRefused(other)],
    };
}

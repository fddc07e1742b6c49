namespace Atomic.Services;

/// <summary>A decimal sum in a currency (ISO 4217). Sums of different currencies do not mix.</summary>
public sealed record Money(decimal Amount, string Currency)
{
    public static Money operator +(Money a, Money b) => a with { Amount = a.Amount + a.Alike(b).Amount };

    public static Money operator -(Money a, Money b) => a with { Amount = a.Amount - a.Alike(b).Amount };

    public static Money operator *(Money price, int quantity) => price with { Amount = price.Amount * quantity };

    public override string ToString() => FormattableString.Invariant($"{Amount:0.00} {Currency}");

    private Money Alike(Money other) => other.Currency == Currency
        ? other
        : throw new ArgumentException($"{other} cannot be reckoned with {this}.", nameof(other));
}

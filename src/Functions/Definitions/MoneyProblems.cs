using Atomic.Services;

namespace Atomic.Functions.Definitions;

internal static class MoneyProblems
{
    private const decimal Largest = 1_000_000_000;

    /// <summary>What is wrong with a sum that must be positive, by field.</summary>
    public static IEnumerable<(string Field, string Problem)> Of(Money money, string field)
    {
        if (money.Amount is <= 0 or > Largest) yield return ($"{field}.amount", $"must be more than 0 and at most {Largest}.");
        else if (decimal.Round(money.Amount, 4) != money.Amount) yield return ($"{field}.amount", "may have at most four decimals.");
        if (money.Currency.Length != 3 || !money.Currency.All(char.IsAsciiLetterUpper))
            yield return ($"{field}.currency", "must be a currency of ISO 4217, as in EUR.");
    }
}

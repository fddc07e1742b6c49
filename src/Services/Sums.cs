namespace Atomic.Services;

/// <summary>Sums in several currencies, one for each, ordered by currency; a sum of nothing is left out.</summary>
internal static class Sums
{
    // Dividing by it leaves a sum without trailing zeros, so that it is written the same whichever way it came about.
    private const decimal One = 1.0000000000000000000000000000m;

    /// <param name="times">How often the money counts; negative takes it away.</param>
    public static IReadOnlyList<Money> Add(IReadOnlyList<Money> sums, Money money, int times)
    {
        var old = sums.FirstOrDefault(sum => sum.Currency == money.Currency) ?? money with { Amount = 0 };
        var sum = money with { Amount = (old + (money * times)).Amount / One };
        return [.. sums.Where(other => other.Currency != money.Currency).Append(sum).Where(each => each.Amount != 0).OrderBy(each => each.Currency, StringComparer.Ordinal)];
    }
}

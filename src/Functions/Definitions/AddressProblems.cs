using Atomic.Services.Shipping;

namespace Atomic.Functions.Definitions;

internal static class AddressProblems
{
    /// <summary>What is wrong with an address, by field.</summary>
    public static IEnumerable<(string Field, string Problem)> Of(Address address)
    {
        var parts = new[]
        {
            ("name", address.Name.Value), ("street", address.Street.Value), ("city", address.City.Value),
            ("postalCode", address.PostalCode.Value), ("country", address.Country),
        };
        foreach (var (field, value) in parts.Where(part => part.Item2.Length is 0 or > 200 || string.IsNullOrWhiteSpace(part.Item2)))
            yield return ($"address.{field}", $"has {value.Length} characters and must have 1 to 200.");
    }
}

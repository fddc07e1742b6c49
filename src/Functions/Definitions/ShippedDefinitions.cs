namespace Atomic.Functions.Definitions;

/// <summary>The definitions of this app. A changed definition gets a new version beside the old one, which stays while transactions run under it.</summary>
public static class ShippedDefinitions
{
    public static IReadOnlyList<TransactionType> All { get; } =
    [
        TransactionType.Of<PlaceOrder>(
            PlaceOrder.Definition, input => input.Problems(), (input, transaction) => input.Prepare(transaction), input => input.Output()),
    ];
}

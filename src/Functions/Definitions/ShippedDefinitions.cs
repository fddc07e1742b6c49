namespace Atomic.Functions.Definitions;

/// <summary>The definitions of this app. A changed definition gets a new version beside the old one, which stays while transactions run under it.</summary>
public static class ShippedDefinitions
{
    public static IReadOnlyList<TransactionType> All { get; } =
    [
        TransactionType.Of<PlaceOrder>(PlaceOrder.Definition, input => input.Problems(), (input, id) => input.Prepare(id), input => input.Output(), input => input.Keys()),
        TransactionType.Of<ReturnOrder>(ReturnOrder.Definition, input => input.Problems(), output: input => input.Output(), keys: input => input.Keys()),
        TransactionType.Of<BookTrip>(BookTrip.Definition, input => input.Problems(), (input, id) => input.Prepare(id), input => input.Output(), input => input.Keys()),
        TransactionType.Of<TransferMoney>(TransferMoney.Definition, input => input.Problems(), keys: input => input.Keys()),
    ];
}

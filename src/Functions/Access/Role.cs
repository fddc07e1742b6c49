using Atomic.Functions.Http;

namespace Atomic.Functions.Access;

/// <summary>What it takes to call a function over HTTP.</summary>
public enum Role
{
    /// <summary>Nothing: pages without data, and health.</summary>
    Anyone,

    /// <summary>The app role <c>reader</c>, or <c>operator</c>.</summary>
    Reader,

    /// <summary>The app role <c>operator</c>: whatever changes something.</summary>
    Operator,
}

/// <summary>What each HTTP function takes. One that is not listed is refused to everyone, and a test names it.</summary>
public static class RouteRoles
{
    private static readonly Dictionary<string, Role> Taken = new()
    {
        [nameof(GetPagesFunctions.GetDashboard)] = Role.Anyone,
        [nameof(GetPagesFunctions.GetOpenApi)] = Role.Anyone,
        [nameof(GetHealthFunction.GetHealth)] = Role.Anyone,

        [nameof(GetFlowsFunction.GetFlows)] = Role.Reader,
        [nameof(DefinitionsFunctions.ListDefinitions)] = Role.Reader,
        [nameof(DefinitionsFunctions.GetDefinition)] = Role.Reader,
        [nameof(GetStreamFunction.GetStream)] = Role.Reader,
        [nameof(TransactionsFunctions.GetTransaction)] = Role.Reader,
        [nameof(TransactionsFunctions.ListTransactions)] = Role.Reader,
        [nameof(TransactionsFunctions.GetTimeline)] = Role.Reader,
        [nameof(OrderingReadFunctions.GetOrder)] = Role.Reader,
        [nameof(OrderingReadFunctions.ListOrders)] = Role.Reader,
        [nameof(OrderingReadFunctions.GetOrdersOfCustomer)] = Role.Reader,
        [nameof(OrderingReadFunctions.GetCustomer)] = Role.Reader,
        [nameof(InventoryReadFunctions.GetStockLevel)] = Role.Reader,
        [nameof(InventoryReadFunctions.ListStockLevels)] = Role.Reader,
        [nameof(PaymentsReadFunctions.GetPayment)] = Role.Reader,
        [nameof(PaymentsReadFunctions.ListPayments)] = Role.Reader,
        [nameof(PaymentsReadFunctions.GetDailyRevenue)] = Role.Reader,
        [nameof(ShippingReadFunctions.GetShipment)] = Role.Reader,
        [nameof(ShippingReadFunctions.ListShipments)] = Role.Reader,
        [nameof(OverviewFunctions.GetOrderOverview)] = Role.Reader,
        [nameof(OverviewFunctions.ListOrderOverviews)] = Role.Reader,
        [nameof(ProjectionsFunctions.ListProjections)] = Role.Reader,
        [nameof(DeadLettersFunctions.ListDeadLetters)] = Role.Reader,
        [nameof(DeadLettersFunctions.GetDeadLetter)] = Role.Reader,
        [nameof(EventStoreBackupsFunctions.ListEventStoreExports)] = Role.Reader,
        [nameof(EventStoreBackupsFunctions.GetRestore)] = Role.Reader,

        [nameof(TransactionsFunctions.StartTransaction)] = Role.Operator,
        [nameof(ControlTransactionsFunctions.CancelRunningTransaction)] = Role.Operator,
        [nameof(ControlTransactionsFunctions.DecideApproval)] = Role.Operator,
        [nameof(ControlTransactionsFunctions.TellAwaitedEvent)] = Role.Operator,
        [nameof(ControlTransactionsFunctions.RetryParkedStep)] = Role.Operator,
        [nameof(ControlTransactionsFunctions.ResolveParkedStep)] = Role.Operator,
        [nameof(ControlTransactionsFunctions.RetryParkedTransactions)] = Role.Operator,
        [nameof(SendCommandFunction.SendCommand)] = Role.Operator,
        [nameof(ProjectionsFunctions.StartRebuild)] = Role.Operator,
        [nameof(ProjectionsFunctions.SwitchProjection)] = Role.Operator,
        [nameof(DeadLettersFunctions.ResubmitDeadLetter)] = Role.Operator,
        [nameof(DeadLettersFunctions.DiscardDeadLetter)] = Role.Operator,
        [nameof(EventStoreBackupsFunctions.StartRestore)] = Role.Operator,
    };

    public static IReadOnlyCollection<string> Functions => Taken.Keys;

    /// <summary>Null for a function that is not listed.</summary>
    public static Role? Of(string function) => Taken.TryGetValue(function, out var role) ? role : null;
}

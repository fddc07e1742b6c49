using Atomic.EventSourcing;

namespace Atomic.Services.Ordering;

/// <summary>One of a customer's orders, in short.</summary>
public sealed record CustomerOrder(OrderId OrderId, OrderState State, Money Total);

/// <summary>What a customer has ordered in all, cancelled orders left out of the totals.</summary>
public sealed record CustomerOrders(int Placed, int Confirmed, int Cancelled, IReadOnlyList<Money> Totals);

/// <summary>The orders of each customer: fed by the streams of all of the customer's orders.</summary>
public sealed class OrdersByCustomer : IView<CustomerOrder, CustomerOrders>
{
    public static string Name => "orders-by-customer";

    public static IReadOnlyList<StreamSource> Sources { get; } = [StreamSource.Of<Order>()];

    public static Place? PlaceOf(RecordedEvent e) => e.Data switch
    {
        OrderPlaced placed => Place.OfStream(placed.CustomerId.Value, e),
        OrderConfirmed confirmed => Place.OfStream(confirmed.CustomerId.Value, e),
        OrderCancelled cancelled => Place.OfStream(cancelled.CustomerId.Value, e),
        _ => null,
    };

    public static CustomerOrder Apply(CustomerOrder? item, RecordedEvent e) => e.Data switch
    {
        OrderPlaced placed => new CustomerOrder(placed.OrderId, OrderState.Placed, placed.Total),
        OrderConfirmed => item! with { State = OrderState.Confirmed },
        _ => item! with { State = OrderState.Cancelled },
    };

    public static CustomerOrders Summarize(CustomerOrders? summary, CustomerOrder? before, CustomerOrder after)
    {
        var totals = summary?.Totals ?? [];
        if (before is { State: not OrderState.Cancelled }) totals = Sums.Add(totals, before.Total, -1);
        if (after.State != OrderState.Cancelled) totals = Sums.Add(totals, after.Total, 1);
        return new CustomerOrders(Count(OrderState.Placed, s => s.Placed), Count(OrderState.Confirmed, s => s.Confirmed), Count(OrderState.Cancelled, s => s.Cancelled), totals);

        int Count(OrderState state, Func<CustomerOrders, int> count) =>
            (summary is null ? 0 : count(summary)) + (after.State == state ? 1 : 0) - (before?.State == state ? 1 : 0);
    }
}

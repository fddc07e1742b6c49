using Atomic.EventSourcing;

namespace Atomic.Services.Ordering;

/// <summary>One of a customer's orders, in short.</summary>
public sealed record CustomerOrder(OrderId OrderId, OrderState State, Money Total);

/// <summary>What a customer has ordered in all, cancelled and returned orders left out of the totals.</summary>
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
        ReturnAccepted accepted => Place.OfStream(accepted.CustomerId.Value, e),
        ReturnWithdrawn withdrawn => Place.OfStream(withdrawn.CustomerId.Value, e),
        ReturnClosed closed => Place.OfStream(closed.CustomerId.Value, e),
        _ => null,
    };

    public static CustomerOrder Apply(CustomerOrder? item, RecordedEvent e) => e.Data switch
    {
        OrderPlaced placed => new CustomerOrder(placed.OrderId, OrderState.Placed, placed.Total),
        OrderConfirmed or ReturnWithdrawn => item! with { State = OrderState.Confirmed },
        ReturnAccepted => item! with { State = OrderState.Returning },
        ReturnClosed => item! with { State = OrderState.Returned },
        _ => item! with { State = OrderState.Cancelled },
    };

    public static CustomerOrders Summarize(CustomerOrders? summary, CustomerOrder? before, CustomerOrder after)
    {
        var totals = summary?.Totals ?? [];
        if (before is not null && Counts(before)) totals = Sums.Add(totals, before.Total, -1);
        if (Counts(after)) totals = Sums.Add(totals, after.Total, 1);
        return new CustomerOrders(Count(OrderState.Placed, s => s.Placed), Count(OrderState.Confirmed, s => s.Confirmed), Count(OrderState.Cancelled, s => s.Cancelled), totals);

        static bool Counts(CustomerOrder order) => order.State is not (OrderState.Cancelled or OrderState.Returned);

        int Count(OrderState state, Func<CustomerOrders, int> count) =>
            (summary is null ? 0 : count(summary)) + (after.State == state ? 1 : 0) - (before?.State == state ? 1 : 0);
    }
}

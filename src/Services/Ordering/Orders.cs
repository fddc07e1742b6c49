using Atomic.EventSourcing;

namespace Atomic.Services.Ordering;

/// <summary>An order as it is shown.</summary>
public sealed record OrderView(OrderId OrderId, CustomerId CustomerId, OrderState State, IReadOnlyList<OrderLine> Lines, Money Total);

/// <summary>Every order, by id; listed by customer and state.</summary>
public sealed class Orders : IProjection<Order, OrderView>
{
    public static string Name => "orders";

    public static OrderView? Apply(OrderView? row, RecordedEvent e) => e.Data switch
    {
        OrderPlaced placed => new OrderView(placed.OrderId, placed.CustomerId, OrderState.Placed, placed.Lines, placed.Total),
        OrderConfirmed => row! with { State = OrderState.Confirmed },
        OrderCancelled => row! with { State = OrderState.Cancelled },
        ReturnAccepted => row! with { State = OrderState.Returning },
        ReturnWithdrawn => row! with { State = OrderState.Confirmed },
        ReturnClosed => row! with { State = OrderState.Returned },
        _ => row,
    };

    public static IReadOnlyDictionary<string, string> Columns(OrderView row) =>
        new Dictionary<string, string> { ["CustomerId"] = row.CustomerId.Value, ["State"] = row.State.ToString() };
}

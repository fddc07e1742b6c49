using Atomic.EventSourcing;

namespace Atomic.Services.Ordering;

public sealed record OrderLine(Sku Sku, int Quantity, Money UnitPrice);

public sealed record CreateOrder(OrderId OrderId, CustomerId CustomerId, IReadOnlyList<OrderLine> Lines);

public sealed record CancelOrder(OrderId OrderId);

public sealed record ConfirmOrder(OrderId OrderId);

public sealed record OrderPlaced(OrderId OrderId, CustomerId CustomerId, IReadOnlyList<OrderLine> Lines, Money Total) : IEvent;

public sealed record OrderConfirmed(OrderId OrderId, CustomerId CustomerId) : IEvent;

public sealed record OrderCancelled(OrderId OrderId, CustomerId CustomerId) : IEvent;

public sealed record OrderRefused(OrderId OrderId, string Reason) : IRefusal;

public enum OrderState
{
    None,
    Placed,
    Confirmed,
    Cancelled,
}

/// <summary>An order: placed, then confirmed or cancelled.</summary>
/// <param name="Customer">Null until it is placed.</param>
public sealed record Order(OrderState State, CustomerId? Customer = null) : IAggregate<Order>
{
    public static string Category => "orderingOrder";

    public static EventTypes Events { get; } =
        EventTypes.Of(typeof(OrderPlaced), typeof(OrderConfirmed), typeof(OrderCancelled), typeof(OrderRefused));

    public static Order Initial { get; } = new(OrderState.None);

    public Order Evolve(IEvent e) => e switch
    {
        OrderPlaced placed => new Order(OrderState.Placed, placed.CustomerId),
        OrderConfirmed => this with { State = OrderState.Confirmed },
        OrderCancelled => this with { State = OrderState.Cancelled },
        _ => this,
    };

    public IReadOnlyList<IEvent> Decide(CreateOrder command) => State == OrderState.None
        ? [new OrderPlaced(command.OrderId, command.CustomerId, command.Lines, TotalOf(command.Lines))]
        : [new OrderRefused(command.OrderId, $"Order {command.OrderId} exists already.")];

    public IReadOnlyList<IEvent> Decide(CancelOrder command) =>
        State == OrderState.Placed ? [new OrderCancelled(command.OrderId, Customer!.Value)] : [];

    public IReadOnlyList<IEvent> Decide(ConfirmOrder command) => State switch
    {
        OrderState.Placed => [new OrderConfirmed(command.OrderId, Customer!.Value)],
        OrderState.Confirmed => [],
        var state => [new OrderRefused(command.OrderId, $"Order {command.OrderId} cannot go from {state} to {OrderState.Confirmed}.")],
    };

    private static Money TotalOf(IReadOnlyList<OrderLine> lines) =>
        lines.Select(line => line.UnitPrice * line.Quantity).Aggregate((sum, price) => sum + price);
}

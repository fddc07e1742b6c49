using Atomic.EventSourcing;

namespace Atomic.Services.Ordering;

public sealed record OrderLine(Sku Sku, int Quantity, Money UnitPrice);

public sealed record CreateOrder(OrderId OrderId, CustomerId CustomerId, IReadOnlyList<OrderLine> Lines);

public sealed record CancelOrder(OrderId OrderId);

public sealed record ConfirmOrder(OrderId OrderId);

/// <summary>A confirmed order is to come back, whole.</summary>
public sealed record AcceptReturn(OrderId OrderId, IReadOnlyList<ReturnedLine> Lines, Money Refund);

public sealed record ReturnedLine(Sku Sku, int Quantity);

public sealed record WithdrawReturn(OrderId OrderId);

public sealed record CloseReturn(OrderId OrderId);

public sealed record OrderPlaced(OrderId OrderId, CustomerId CustomerId, IReadOnlyList<OrderLine> Lines, Money Total) : IEvent;

public sealed record OrderConfirmed(OrderId OrderId, CustomerId CustomerId) : IEvent;

public sealed record OrderCancelled(OrderId OrderId, CustomerId CustomerId) : IEvent;

public sealed record ReturnAccepted(OrderId OrderId, CustomerId CustomerId) : IEvent;

public sealed record ReturnWithdrawn(OrderId OrderId, CustomerId CustomerId) : IEvent;

public sealed record ReturnClosed(OrderId OrderId, CustomerId CustomerId) : IEvent;

public sealed record OrderRefused(OrderId OrderId, string Reason) : IRefusal;

public enum OrderState
{
    None,
    Placed,
    Confirmed,
    Cancelled,
    Returning,
    Returned,
}

/// <summary>An order: placed, then confirmed or cancelled; a confirmed one may come back.</summary>
/// <param name="Customer">Null until it is placed, and so are its lines and their total.</param>
public sealed record Order(OrderState State, CustomerId? Customer = null, IReadOnlyList<OrderLine>? Lines = null, Money? Total = null)
    : IAggregate<Order>
{
    public static string Category => "orderingOrder";

    public static EventTypes Events { get; } = EventTypes.Of(
        typeof(OrderPlaced), typeof(OrderConfirmed), typeof(OrderCancelled), typeof(OrderRefused),
        typeof(ReturnAccepted), typeof(ReturnWithdrawn), typeof(ReturnClosed));

    public static Order Initial { get; } = new(OrderState.None);

    public Order Evolve(IEvent e) => e switch
    {
        OrderPlaced placed => new Order(OrderState.Placed, placed.CustomerId, placed.Lines, placed.Total),
        OrderConfirmed => this with { State = OrderState.Confirmed },
        OrderCancelled => this with { State = OrderState.Cancelled },
        ReturnAccepted => this with { State = OrderState.Returning },
        ReturnWithdrawn => this with { State = OrderState.Confirmed },
        ReturnClosed => this with { State = OrderState.Returned },
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

    public IReadOnlyList<IEvent> Decide(AcceptReturn command)
    {
        if (State != OrderState.Confirmed) return Refused($"cannot go from {State} to {OrderState.Returning}");
        if (!Quantities(command.Lines.Select(line => (line.Sku, line.Quantity))).SequenceEqual(Quantities(Lines!.Select(line => (line.Sku, line.Quantity)))))
            return Refused("has other lines");
        return command.Refund == Total ? [new ReturnAccepted(command.OrderId, Customer!.Value)] : Refused($"was {Total}, and {command.Refund} is to be refunded");

        IReadOnlyList<IEvent> Refused(string why) => [new OrderRefused(command.OrderId, $"Order {command.OrderId} {why}.")];
    }

    public IReadOnlyList<IEvent> Decide(WithdrawReturn command) =>
        State == OrderState.Returning ? [new ReturnWithdrawn(command.OrderId, Customer!.Value)] : [];

    public IReadOnlyList<IEvent> Decide(CloseReturn command) => State switch
    {
        OrderState.Returning => [new ReturnClosed(command.OrderId, Customer!.Value)],
        OrderState.Returned => [],
        var state => [new OrderRefused(command.OrderId, $"Order {command.OrderId} cannot go from {state} to {OrderState.Returned}.")],
    };

    private static IEnumerable<(Sku Sku, int Quantity)> Quantities(IEnumerable<(Sku Sku, int Quantity)> lines) => lines
        .GroupBy(line => line.Sku).Select(same => (same.Key, same.Sum(line => line.Quantity))).OrderBy(line => line.Key.Value, StringComparer.Ordinal);

    private static Money TotalOf(IReadOnlyList<OrderLine> lines) =>
        lines.Select(line => line.UnitPrice * line.Quantity).Aggregate((sum, price) => sum + price);
}

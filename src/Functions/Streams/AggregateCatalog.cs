using Atomic.EventSourcing;
using Atomic.Services.Inventory;
using Atomic.Services.Ordering;
using Atomic.Services.Payments;
using Atomic.Services.Shipping;

namespace Atomic.Functions.Streams;

/// <summary>An aggregate by its name rather than its type: its streams, and the events that they hold.</summary>
public abstract class AggregateType(string category, EventTypes events)
{
    public string Category { get; } = category;

    public string Context { get; } = new StreamId(category, "").Context;

    public EventTypes Events { get; } = events;
}

/// <summary>Every aggregate of the services.</summary>
public static class AggregateCatalog
{
    public static IReadOnlyList<AggregateType> All { get; } =
    [
        new AggregateType<Order>(), new AggregateType<Customer>(), new AggregateType<StockItem>(), new AggregateType<Card>(),
        new AggregateType<Payment>(), new AggregateType<Shipment>(),
    ];

    public static AggregateType? Find(string category) => All.FirstOrDefault(aggregate => aggregate.Category == category);
}

/// <inheritdoc/>
internal sealed class AggregateType<TState>() : AggregateType(TState.Category, TState.Events)
    where TState : IAggregate<TState>;

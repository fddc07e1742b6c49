namespace Atomic.EventSourcing;

/// <summary>An immutable fact about one aggregate, named in the past tense.</summary>
public interface IEvent;

/// <summary>
/// An event that goes out with its place in its stream alone: for data that should not travel, or that few of those who hear it need.
/// Without this mark an event is a state transfer, and carries its data.
/// </summary>
public interface INotification : IEvent;

/// <summary>The business said no. It is a fact like any other: recorded, published, and the answer to the command.</summary>
public interface IRefusal : IEvent
{
    string Reason { get; }
}

/// <summary>
/// The state of an aggregate: an immutable record that is a fold of its events, small enough to ride on every append.
/// </summary>
public interface IAggregate<TSelf> where TSelf : IAggregate<TSelf>
{
    /// <summary>The table of its streams: context and aggregate, letters and digits, as in <c>inventoryStockItem</c>.</summary>
    static abstract string Category { get; }

    /// <summary>Every event that its streams may hold.</summary>
    static abstract EventTypes Events { get; }

    static abstract TSelf Initial { get; }

    /// <summary>The state after <paramref name="e"/>. One switch: no branching beyond it, no throwing, no logging.</summary>
    TSelf Evolve(IEvent e);
}

using Atomic.EventSourcing;
using Atomic.Functions.Control;
using Atomic.Functions.DeadLetters;
using Atomic.Functions.Watch;
using Atomic.Services.Accounts;
using Atomic.Services.Approvals;
using Atomic.Services.Inventory;
using Atomic.Services.Ordering;
using Atomic.Services.Payments;
using Atomic.Services.Shipping;
using Atomic.Services.Travel;

namespace Atomic.Functions.Streams;

/// <summary>An aggregate by its name rather than its type: its streams, and the events that they hold.</summary>
public abstract class AggregateType(string category, EventTypes events)
{
    public string Category { get; } = category;

    public string Context { get; } = new StreamId(category, "").Context;

    public EventTypes Events { get; } = events;

    /// <summary>The events of a stream that <paramref name="isShown"/>, from its first on, and the state after them.</summary>
    internal abstract Task<StreamState> ReadAsync(IEventStore store, string id, Predicate<RecordedEvent> isShown, CancellationToken cancellation);

    /// <summary>The commit that ended there, or null.</summary>
    internal abstract Task<Commit?> FindCommitAsync(IEventStore store, StreamPosition last, CancellationToken cancellation);
}

/// <summary>A stream as it was at some point.</summary>
/// <param name="Version">0 when there was nothing.</param>
/// <param name="Head">The stream's version now; 0 when it does not exist.</param>
public sealed record StreamState(long Version, long Head, object State, IReadOnlyList<RecordedEvent> Events);

/// <summary>Every aggregate of the services, and of the app itself.</summary>
public static class AggregateCatalog
{
    public static IReadOnlyList<AggregateType> All { get; } =
    [
        new AggregateType<Order>(), new AggregateType<Customer>(), new AggregateType<StockItem>(), new AggregateType<Card>(),
        new AggregateType<Payment>(), new AggregateType<Shipment>(), new AggregateType<Approval>(), new AggregateType<Offer>(),
        new AggregateType<Trip>(), new AggregateType<Account>(), new AggregateType<TransactionLog>(), new AggregateType<DeadLetter>(),
        new AggregateType<WatchedTransaction>(),
    ];

    public static AggregateType? Find(string category) => All.FirstOrDefault(aggregate => aggregate.Category == category);
}

/// <inheritdoc/>
internal sealed class AggregateType<TState>() : AggregateType(TState.Category, TState.Events)
    where TState : IAggregate<TState>
{
    internal override Task<Commit?> FindCommitAsync(IEventStore store, StreamPosition last, CancellationToken cancellation) =>
        store.FindCommitAsync<TState>(last.Stream.Id, last.Version, cancellation);

    internal override async Task<StreamState> ReadAsync(
        IEventStore store, string id, Predicate<RecordedEvent> isShown, CancellationToken cancellation)
    {
        var (head, state, shown) = (0L, TState.Initial, new List<RecordedEvent>());
        await foreach (var commit in store.ReadAsync<TState>(id, 1, cancellation))
        {
            head = commit.Events[^1].Version;
            foreach (var e in commit.Events.Where(e => isShown(e)))
            {
                state = state.Evolve(e.Data);
                shown.Add(e);
            }
        }

        return new StreamState(shown is [.., var last] ? last.Version : 0, head, state, shown);
    }
}

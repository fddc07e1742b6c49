using Atomic.EventSourcing;
using Atomic.Services.Inventory;
using Atomic.Services.Ordering;
using Atomic.Services.Payments;
using Atomic.Services.Shipping;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Functions.Projections;

/// <summary>A projection by its name rather than its types. Its subscription to the topic has the same name.</summary>
public abstract class ProjectionType(string name, IReadOnlyList<StreamSource> sources)
{
    public string Name { get; } = name;

    /// <summary>The aggregates whose streams feed it.</summary>
    public IReadOnlyList<StreamSource> Sources { get; } = sources;

    /// <summary>Fills a version from the streams of some ranges. Again is harmless.</summary>
    internal abstract Task<RebuildCount> RebuildAsync(
        IServiceProvider services, ProjectionState state, int version, int from, int to, CancellationToken cancellation);

    /// <summary>Takes the texts about a person out of the rows, where there are any.</summary>
    /// <returns>How many rows had some.</returns>
    internal virtual Task<int> ScrubAsync(IServiceProvider services, string subject, CancellationToken cancellation) => Task.FromResult(0);
}

/// <summary>Every projection of the services.</summary>
public static class ProjectionCatalog
{
    public static IReadOnlyList<ProjectionType> All { get; } =
    [
        new RowProjection<Orders, Order, OrderView>(),
        new ViewProjection<OrdersByCustomer, CustomerOrder, CustomerOrders>(),
        new RowProjection<StockLevels, StockItem, StockLevel>(),
        new RowProjection<PaymentList, Payment, PaymentView>(),
        new ViewProjection<DailyRevenue, RevenueEntry, RevenueDay>(),
        new ScrubbedProjection<Shipments, Shipment, ShipmentView>(),
        new RowProjection<Customers, Customer, CustomerView>(),
    ];

    public static ProjectionType? Find(string name) => All.FirstOrDefault(projection => projection.Name == name);
}

internal class RowProjection<TProjection, TState, TRow>() : ProjectionType(TProjection.Name, [StreamSource.Of<TState>()])
    where TProjection : IProjection<TState, TRow>
    where TState : IAggregate<TState>
    where TRow : class
{
    internal override Task<RebuildCount> RebuildAsync(
        IServiceProvider services, ProjectionState state, int version, int from, int to, CancellationToken cancellation) =>
        services.GetRequiredService<Rebuilder<TProjection, TState, TRow>>().RebuildAsync(state, version, from, to, cancellation);
}

internal sealed class ViewProjection<TView, TItem, TSummary>() : ProjectionType(TView.Name, TView.Sources)
    where TView : IView<TItem, TSummary>
    where TItem : class
    where TSummary : class
{
    internal override Task<RebuildCount> RebuildAsync(
        IServiceProvider services, ProjectionState state, int version, int from, int to, CancellationToken cancellation) =>
        services.GetRequiredService<ViewProjector<TView, TItem, TSummary>>()
            .RebuildAsync(services.GetRequiredService<IStreamScan>(), state, version, from, to, cancellation);
}

internal sealed class ScrubbedProjection<TProjection, TState, TRow> : RowProjection<TProjection, TState, TRow>
    where TProjection : IProjection<TState, TRow>, IScrubbed<TRow>
    where TState : IAggregate<TState>
    where TRow : class
{
    internal override Task<int> ScrubAsync(IServiceProvider services, string subject, CancellationToken cancellation) =>
        services.GetRequiredService<Scrubber<TProjection, TState, TRow>>().ScrubAsync(subject, cancellation);
}

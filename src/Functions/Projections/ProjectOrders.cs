using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Ordering;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Projections;

public sealed class ProjectOrdersFunction(Projector<Orders, Order, OrderView> projector, TimeProvider clock)
{
    [Function(nameof(ProjectOrders))]
    public Task ProjectOrders(
        [ServiceBusTrigger(BusNames.Events, "orders", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        EventDelivery.ProjectAsync(message, actions, projector, clock, cancellation);
}

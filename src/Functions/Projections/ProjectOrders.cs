using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Ordering;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Projections;

public sealed class ProjectOrdersFunction(EventDelivery delivery, Projector<Orders, Order, OrderView> projector)
{
    [Function(nameof(ProjectOrders))]
    public Task ProjectOrders(
        [ServiceBusTrigger(BusNames.Events, "orders", Connection = BusNames.Connection, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        delivery.ProjectAsync(messages, actions, projector, cancellation);
}

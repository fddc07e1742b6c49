using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Ordering;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Projections;

public sealed class ProjectOrdersByCustomerFunction(EventDelivery delivery, ViewProjector<OrdersByCustomer, CustomerOrder, CustomerOrders> projector)
{
    [Function(nameof(ProjectOrdersByCustomer))]
    public Task ProjectOrdersByCustomer(
        [ServiceBusTrigger(BusNames.Events, "orders-by-customer", Connection = BusNames.Connection, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        delivery.ProjectAsync(messages, actions, projector, cancellation);
}

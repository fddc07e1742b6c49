using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Ordering;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Projections;

public sealed class ProjectCustomersFunction(EventDelivery delivery, Projector<Customers, Customer, CustomerView> projector)
{
    [Function(nameof(ProjectCustomers))]
    public Task ProjectCustomers(
        [ServiceBusTrigger(BusNames.Events, "customers", Connection = BusNames.Connection, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        delivery.ProjectAsync(messages, actions, projector, cancellation);
}

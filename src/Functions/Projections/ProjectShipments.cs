using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Shipping;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Projections;

public sealed class ProjectShipmentsFunction(EventDelivery delivery, Projector<Shipments, Shipment, ShipmentView> projector)
{
    [Function(nameof(ProjectShipments))]
    public Task ProjectShipments(
        [ServiceBusTrigger(BusNames.Events, "shipments", Connection = BusNames.Connection, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        delivery.ProjectAsync(messages, actions, projector, cancellation);
}

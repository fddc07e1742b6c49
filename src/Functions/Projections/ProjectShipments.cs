using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Shipping;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Projections;

public sealed class ProjectShipmentsFunction(Projector<Shipments, Shipment, ShipmentView> projector, TimeProvider clock)
{
    [Function(nameof(ProjectShipments))]
    public Task ProjectShipments(
        [ServiceBusTrigger(BusNames.Events, "shipments", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        EventDelivery.ProjectAsync(message, actions, projector, clock, cancellation);
}

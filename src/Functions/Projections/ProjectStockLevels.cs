using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Inventory;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Projections;

public sealed class ProjectStockLevelsFunction(Projector<StockLevels, StockItem, StockLevel> projector, TimeProvider clock)
{
    [Function(nameof(ProjectStockLevels))]
    public Task ProjectStockLevels(
        [ServiceBusTrigger(BusNames.Events, "stock-levels", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        EventDelivery.ProjectAsync(message, actions, projector, clock, cancellation);
}

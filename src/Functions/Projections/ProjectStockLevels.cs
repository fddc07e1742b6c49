using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Inventory;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Projections;

public sealed class ProjectStockLevelsFunction(EventDelivery delivery, Projector<StockLevels, StockItem, StockLevel> projector)
{
    [Function(nameof(ProjectStockLevels))]
    public Task ProjectStockLevels(
        [ServiceBusTrigger(BusNames.Events, "stock-levels", Connection = BusNames.Connection, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        delivery.ProjectAsync(messages, actions, projector, cancellation);
}

using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Payments;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Projections;

public sealed class ProjectDailyRevenueFunction(EventDelivery delivery, ViewProjector<DailyRevenue, RevenueEntry, RevenueDay> projector)
{
    [Function(nameof(ProjectDailyRevenue))]
    public Task ProjectDailyRevenue(
        [ServiceBusTrigger(BusNames.Events, "daily-revenue", Connection = BusNames.Connection, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        delivery.ProjectAsync(messages, actions, projector, cancellation);
}

using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Payments;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Projections;

public sealed class ProjectPaymentsFunction(EventDelivery delivery, Projector<PaymentList, Payment, PaymentView> projector)
{
    [Function(nameof(ProjectPayments))]
    public Task ProjectPayments(
        [ServiceBusTrigger(BusNames.Events, "payments", Connection = BusNames.Connection, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        delivery.ProjectAsync(messages, actions, projector, cancellation);
}

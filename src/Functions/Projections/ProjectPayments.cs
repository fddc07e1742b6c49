using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Payments;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Projections;

public sealed class ProjectPaymentsFunction(Projector<PaymentList, Payment, PaymentView> projector, TimeProvider clock)
{
    [Function(nameof(ProjectPayments))]
    public Task ProjectPayments(
        [ServiceBusTrigger(BusNames.Events, "payments", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        EventDelivery.ProjectAsync(message, actions, projector, clock, cancellation);
}

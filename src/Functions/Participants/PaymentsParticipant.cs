using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Payments;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Participants;

/// <summary>Payments as a participant: its commands, and the ways in which they come.</summary>
public sealed class PaymentsParticipant(PaymentsHandlers payments, StepDelivery steps)
{
    public static Participant Of(PaymentsHandlers payments) => Participant.Of("payments")
        .On<RegisterCard>(payments.HandleAsync)
        .On<AuthorizePayment>(payments.HandleAsync)
        .On<VoidPayment>(payments.HandleAsync)
        .On<CapturePayment>(payments.HandleAsync);

    [Function(nameof(HandlePaymentsCommands))]
    public Task HandlePaymentsCommands(
        [ServiceBusTrigger("payments-commands", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        CommandDelivery.HandleAsync(message, actions, command => steps.HandleAsync("payments", command, cancellation), cancellation);

    [Function(nameof(HearPaymentsFacts))]
    public Task HearPaymentsFacts(
        [ServiceBusTrigger(BusNames.Events, "payments-steps", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        steps.HearAsync("payments", message, actions, cancellation);

    [Function(nameof(HearDeadPaymentsFacts))]
    public Task HearDeadPaymentsFacts(
        [ServiceBusTrigger(BusNames.Events, "payments-steps/$DeadLetterQueue", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        steps.HearDeadAsync("payments", message, actions, cancellation);

    [Function(nameof(AuthorizePayment))]
    public Task<Answer> AuthorizePayment([ActivityTrigger] StepCall<AuthorizePayment> step, CancellationToken cancellation) =>
        step.HandleAsync(payments.HandleAsync, cancellation);

    [Function(nameof(VoidPayment))]
    public Task<Answer> VoidPayment([ActivityTrigger] StepCall<VoidPayment> step, CancellationToken cancellation) =>
        step.HandleAsync(payments.HandleAsync, cancellation);

    [Function(nameof(CapturePayment))]
    public Task<Answer> CapturePayment([ActivityTrigger] StepCall<CapturePayment> step, CancellationToken cancellation) =>
        step.HandleAsync(payments.HandleAsync, cancellation);
}

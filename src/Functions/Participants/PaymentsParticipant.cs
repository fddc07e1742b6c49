using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Payments;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Participants;

/// <summary>Payments as a participant: its commands, and the ways in which they come.</summary>
public sealed class PaymentsParticipant(StepDelivery steps)
{
    private const string Context = "payments";

    public static Participant Of(CommandHandler commands, PaymentsHandlers payments) => Participant.Of(Context, commands)
        .On<RegisterCard>(payments.HandleAsync)
        .On<AuthorizePayment>(payments.HandleAsync)
        .On<VoidPayment>(payments.HandleAsync)
        .On<CapturePayment>(payments.HandleAsync)
        .On<RefundPayment>(payments.HandleAsync);

    [Function(nameof(HandlePaymentsCommands))]
    public Task HandlePaymentsCommands(
        [ServiceBusTrigger($"{Context}-commands", Connection = BusNames.Connection, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => steps.HandleAsync(Context, messages, actions, cancellation);

    [Function(nameof(HearPaymentsFacts))]
    public Task HearPaymentsFacts(
        [ServiceBusTrigger(BusNames.Events, $"{Context}-steps", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => steps.HearAsync(Context, message, actions, cancellation);

    [Function(nameof(HearDeadPaymentsFacts))]
    public Task HearDeadPaymentsFacts(
        [ServiceBusTrigger(BusNames.Events, $"{Context}-steps/$DeadLetterQueue", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => steps.HearDeadAsync(Context, message, actions, cancellation);

    [Function(nameof(AuthorizePayment))]
    public Task<Answer> AuthorizePayment([ActivityTrigger] StepCall<AuthorizePayment> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);

    [Function(nameof(VoidPayment))]
    public Task<Answer> VoidPayment([ActivityTrigger] StepCall<VoidPayment> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);

    [Function(nameof(CapturePayment))]
    public Task<Answer> CapturePayment([ActivityTrigger] StepCall<CapturePayment> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);

    [Function(nameof(RefundPayment))]
    public Task<Answer> RefundPayment([ActivityTrigger] StepCall<RefundPayment> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);
}

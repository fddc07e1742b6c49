using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Ordering;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Participants;

/// <summary>Ordering as a participant: its commands, and the ways in which they come.</summary>
public sealed class OrderingParticipant(OrderingHandlers ordering, StepDelivery steps)
{
    public static Participant Of(OrderingHandlers ordering) => Participant.Of("ordering")
        .On<RegisterCustomer>(ordering.HandleAsync)
        .On<CreateOrder>(ordering.HandleAsync)
        .On<CancelOrder>(ordering.HandleAsync)
        .On<ConfirmOrder>(ordering.HandleAsync);

    [Function(nameof(HandleOrderingCommands))]
    public Task HandleOrderingCommands(
        [ServiceBusTrigger("ordering-commands", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        CommandDelivery.HandleAsync(message, actions, command => steps.HandleAsync("ordering", command, cancellation), cancellation);

    [Function(nameof(HearOrderingFacts))]
    public Task HearOrderingFacts(
        [ServiceBusTrigger(BusNames.Events, "ordering-steps", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        steps.HearAsync("ordering", message, actions, cancellation);

    [Function(nameof(HearDeadOrderingFacts))]
    public Task HearDeadOrderingFacts(
        [ServiceBusTrigger(BusNames.Events, "ordering-steps/$DeadLetterQueue", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        steps.HearDeadAsync("ordering", message, actions, cancellation);

    [Function(nameof(CreateOrder))]
    public Task<Answer> CreateOrder([ActivityTrigger] StepCall<CreateOrder> step, CancellationToken cancellation) =>
        step.HandleAsync(ordering.HandleAsync, cancellation);

    [Function(nameof(CancelOrder))]
    public Task<Answer> CancelOrder([ActivityTrigger] StepCall<CancelOrder> step, CancellationToken cancellation) =>
        step.HandleAsync(ordering.HandleAsync, cancellation);

    [Function(nameof(ConfirmOrder))]
    public Task<Answer> ConfirmOrder([ActivityTrigger] StepCall<ConfirmOrder> step, CancellationToken cancellation) =>
        step.HandleAsync(ordering.HandleAsync, cancellation);
}

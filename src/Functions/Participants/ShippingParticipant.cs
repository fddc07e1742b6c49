using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Shipping;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Participants;

/// <summary>Shipping as a participant: its commands, and the ways in which they come.</summary>
public sealed class ShippingParticipant(ShippingHandlers shipping, StepDelivery steps)
{
    public static Participant Of(ShippingHandlers shipping) => Participant.Of("shipping")
        .On<BookShipment>(shipping.HandleAsync)
        .On<CancelShipment>(shipping.HandleAsync);

    [Function(nameof(HandleShippingCommands))]
    public Task HandleShippingCommands(
        [ServiceBusTrigger("shipping-commands", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        CommandDelivery.HandleAsync(message, actions, command => steps.HandleAsync("shipping", command, cancellation), cancellation);

    [Function(nameof(HearShippingFacts))]
    public Task HearShippingFacts(
        [ServiceBusTrigger(BusNames.Events, "shipping-steps", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        steps.HearAsync("shipping", message, actions, cancellation);

    [Function(nameof(HearDeadShippingFacts))]
    public Task HearDeadShippingFacts(
        [ServiceBusTrigger(BusNames.Events, "shipping-steps/$DeadLetterQueue", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        steps.HearDeadAsync("shipping", message, actions, cancellation);

    [Function(nameof(BookShipment))]
    public Task<Answer> BookShipment([ActivityTrigger] StepCall<BookShipment> step, CancellationToken cancellation) =>
        step.HandleAsync(shipping.HandleAsync, cancellation);

    [Function(nameof(CancelShipment))]
    public Task<Answer> CancelShipment([ActivityTrigger] StepCall<CancelShipment> step, CancellationToken cancellation) =>
        step.HandleAsync(shipping.HandleAsync, cancellation);
}

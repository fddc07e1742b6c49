using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Shipping;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Participants;

/// <summary>Shipping as a participant: its commands, and the ways in which they come.</summary>
public sealed class ShippingParticipant(StepDelivery steps)
{
    private const string Context = "shipping";

    public static Participant Of(CommandHandler commands, ShippingHandlers shipping) => Participant.Of(Context, commands)
        .On<BookShipment>(shipping.HandleAsync)
        .On<CancelShipment>(shipping.HandleAsync);

    [Function(nameof(HandleShippingCommands))]
    public Task HandleShippingCommands(
        [ServiceBusTrigger($"{Context}-commands", Connection = BusNames.Connection, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => steps.HandleAsync(Context, messages, actions, cancellation);

    [Function(nameof(HearShippingFacts))]
    public Task HearShippingFacts(
        [ServiceBusTrigger(BusNames.Events, $"{Context}-steps", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => steps.HearAsync(Context, message, actions, cancellation);

    [Function(nameof(HearDeadShippingFacts))]
    public Task HearDeadShippingFacts(
        [ServiceBusTrigger(BusNames.Events, $"{Context}-steps/$DeadLetterQueue", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => steps.HearDeadAsync(Context, message, actions, cancellation);

    [Function(nameof(BookShipment))]
    public Task<Answer> BookShipment([ActivityTrigger] StepCall<BookShipment> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);

    [Function(nameof(CancelShipment))]
    public Task<Answer> CancelShipment([ActivityTrigger] StepCall<CancelShipment> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);
}

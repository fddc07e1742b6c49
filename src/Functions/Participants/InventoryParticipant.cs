using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Inventory;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Participants;

/// <summary>Inventory as a participant: its commands, and the ways in which they come.</summary>
public sealed class InventoryParticipant(InventoryHandlers inventory, StepDelivery steps)
{
    public static Participant Of(InventoryHandlers inventory) => Participant.Of("inventory")
        .On<AddStock>(inventory.HandleAsync)
        .On<ReserveStock>(inventory.HandleAsync)
        .On<ReleaseStock>(inventory.HandleAsync);

    [Function(nameof(HandleInventoryCommands))]
    public Task HandleInventoryCommands(
        [ServiceBusTrigger("inventory-commands", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        CommandDelivery.HandleAsync(message, actions, command => steps.HandleAsync("inventory", command, cancellation), cancellation);

    [Function(nameof(HearInventoryFacts))]
    public Task HearInventoryFacts(
        [ServiceBusTrigger(BusNames.Events, "inventory-steps", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        steps.HearAsync("inventory", message, actions, cancellation);

    [Function(nameof(HearDeadInventoryFacts))]
    public Task HearDeadInventoryFacts(
        [ServiceBusTrigger(BusNames.Events, "inventory-steps/$DeadLetterQueue", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        steps.HearDeadAsync("inventory", message, actions, cancellation);

    [Function(nameof(ReserveStock))]
    public Task<Answer> ReserveStock([ActivityTrigger] StepCall<ReserveStock> step, CancellationToken cancellation) =>
        step.HandleAsync(inventory.HandleAsync, cancellation);

    [Function(nameof(ReleaseStock))]
    public Task<Answer> ReleaseStock([ActivityTrigger] StepCall<ReleaseStock> step, CancellationToken cancellation) =>
        step.HandleAsync(inventory.HandleAsync, cancellation);
}

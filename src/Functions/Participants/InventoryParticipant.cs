using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Inventory;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Participants;

/// <summary>Inventory as a participant: its commands, and the ways in which they come.</summary>
public sealed class InventoryParticipant(StepDelivery steps)
{
    private const string Context = "inventory";

    public static Participant Of(CommandHandler commands, InventoryHandlers inventory) => Participant.Of(Context, commands)
        .On<AddStock>(inventory.HandleAsync)
        .On<ReserveStock>(inventory.HandleAsync)
        .On<ReleaseStock>(inventory.HandleAsync)
        .On<Restock>(inventory.HandleAsync);

    [Function(nameof(HandleInventoryCommands))]
    public Task HandleInventoryCommands(
        [ServiceBusTrigger($"{Context}-commands", Connection = BusNames.Connection, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => steps.HandleAsync(Context, messages, actions, cancellation);

    [Function(nameof(HearInventoryFacts))]
    public Task HearInventoryFacts(
        [ServiceBusTrigger(BusNames.Events, $"{Context}-steps", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => steps.HearAsync(Context, message, actions, cancellation);

    [Function(nameof(HearDeadInventoryFacts))]
    public Task HearDeadInventoryFacts(
        [ServiceBusTrigger(BusNames.Events, $"{Context}-steps/$DeadLetterQueue", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => steps.HearDeadAsync(Context, message, actions, cancellation);

    [Function(nameof(ReserveStock))]
    public Task<Answer> ReserveStock([ActivityTrigger] StepCall<ReserveStock> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);

    [Function(nameof(ReleaseStock))]
    public Task<Answer> ReleaseStock([ActivityTrigger] StepCall<ReleaseStock> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);

    [Function(nameof(Restock))]
    public Task<Answer> Restock([ActivityTrigger] StepCall<Restock> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);
}

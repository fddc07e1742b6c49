using Atomic.Functions.Bus;
using Atomic.Messaging;
using Atomic.Services.Inventory;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Commands;

public sealed class HandleInventoryCommandsFunction(CommandDelivery delivery, InventoryHandlers inventory)
{
    [Function(nameof(HandleInventoryCommands))]
    public Task HandleInventoryCommands(
        [ServiceBusTrigger("inventory-commands", Connection = BusNames.Connection, IsBatched = true)] ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        delivery.HandleAsync(messages, actions, command => command.Name switch
        {
            nameof(AddStock) => inventory.HandleAsync(command.Read<AddStock>(), command.Invocation, cancellation),
            var unknown => throw new MalformedMessageException(command.Id, $"Inventory has no command '{unknown}'"),
        }, cancellation);
}

using Atomic.Functions.Bus;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Commands;

public sealed class HandleInventoryCommandsFunction(CommandDelivery delivery, CommandRoutes routes)
{
    [Function(nameof(HandleInventoryCommands))]
    public Task HandleInventoryCommands(
        [ServiceBusTrigger("inventory-commands", Connection = BusNames.Connection, IsBatched = true)] ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        delivery.HandleAsync(messages, actions, command => routes.HandleAsync("inventory", command, cancellation), cancellation);
}

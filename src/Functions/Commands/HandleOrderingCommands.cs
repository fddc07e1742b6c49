using Atomic.Functions.Bus;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Commands;

public sealed class HandleOrderingCommandsFunction(CommandDelivery delivery, CommandRoutes routes)
{
    [Function(nameof(HandleOrderingCommands))]
    public Task HandleOrderingCommands(
        [ServiceBusTrigger("ordering-commands", Connection = BusNames.Connection, IsBatched = true)] ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        delivery.HandleAsync(messages, actions, command => routes.HandleAsync("ordering", command, cancellation), cancellation);
}

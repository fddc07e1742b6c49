using Atomic.Functions.Bus;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Commands;

public sealed class HandlePaymentsCommandsFunction(CommandDelivery delivery, CommandRoutes routes)
{
    [Function(nameof(HandlePaymentsCommands))]
    public Task HandlePaymentsCommands(
        [ServiceBusTrigger("payments-commands", Connection = BusNames.Connection, IsBatched = true)] ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        delivery.HandleAsync(messages, actions, command => routes.HandleAsync("payments", command, cancellation), cancellation);
}

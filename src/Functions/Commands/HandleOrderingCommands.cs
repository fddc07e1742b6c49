using Atomic.Functions.Bus;
using Atomic.Messaging;
using Atomic.Services.Ordering;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Commands;

public sealed class HandleOrderingCommandsFunction(OrderingHandlers ordering)
{
    [Function(nameof(HandleOrderingCommands))]
    public Task HandleOrderingCommands(
        [ServiceBusTrigger("ordering-commands", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        CommandDelivery.HandleAsync(message, actions, command => command.Name switch
        {
            nameof(RegisterCustomer) => ordering.HandleAsync(command.Read<RegisterCustomer>(), command.Invocation, cancellation),
            var unknown => throw new MalformedMessageException(command.Id, $"Ordering has no command '{unknown}'"),
        }, cancellation);
}

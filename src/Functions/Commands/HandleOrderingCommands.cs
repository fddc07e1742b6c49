using Atomic.Functions.Bus;
using Atomic.Messaging;
using Atomic.Services.Ordering;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Commands;

public sealed class HandleOrderingCommandsFunction(CommandDelivery delivery, OrderingHandlers ordering)
{
    [Function(nameof(HandleOrderingCommands))]
    public Task HandleOrderingCommands(
        [ServiceBusTrigger("ordering-commands", Connection = BusNames.Connection, IsBatched = true)] ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        delivery.HandleAsync(messages, actions, command => command.Name switch
        {
            nameof(RegisterCustomer) => ordering.HandleAsync(command.Read<RegisterCustomer>(), command.Invocation, cancellation),
            var unknown => throw new MalformedMessageException(command.Id, $"Ordering has no command '{unknown}'"),
        }, cancellation);
}

using Atomic.Functions.Bus;
using Atomic.Messaging;
using Atomic.Services.Payments;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Commands;

public sealed class HandlePaymentsCommandsFunction(CommandDelivery delivery, PaymentsHandlers payments)
{
    [Function(nameof(HandlePaymentsCommands))]
    public Task HandlePaymentsCommands(
        [ServiceBusTrigger("payments-commands", Connection = BusNames.Connection, IsBatched = true)] ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        delivery.HandleAsync(messages, actions, command => command.Name switch
        {
            nameof(RegisterCard) => payments.HandleAsync(command.Read<RegisterCard>(), command.Invocation, cancellation),
            var unknown => throw new MalformedMessageException(command.Id, $"Payments has no command '{unknown}'"),
        }, cancellation);
}

using Atomic.Functions.Bus;
using Atomic.Messaging;
using Atomic.Services.Payments;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Commands;

public sealed class HandlePaymentsCommandsFunction(PaymentsHandlers payments)
{
    [Function(nameof(HandlePaymentsCommands))]
    public Task HandlePaymentsCommands(
        [ServiceBusTrigger("payments-commands", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        CommandDelivery.HandleAsync(message, actions, command => command.Name switch
        {
            nameof(RegisterCard) => payments.HandleAsync(command.Read<RegisterCard>(), command.Invocation, cancellation),
            var unknown => throw new MalformedMessageException(command.Id, $"Payments has no command '{unknown}'"),
        }, cancellation);
}

using Atomic.EventSourcing;
using Atomic.Messaging;
using Azure.Messaging.ServiceBus;

namespace Atomic.Functions.Bus;

/// <summary>Sends a command to the queue of its service. The message's id is the command's: sent twice, the broker keeps one.</summary>
internal sealed class ServiceBusCommandBus(BusSenders senders, FlowCounts flows) : ICommandBus
{
    public async Task SendAsync(string context, CommandMessage command, CancellationToken cancellation)
    {
        await senders.Of(BusNames.CommandsOf(context)).SendMessageAsync(
            new ServiceBusMessage(BinaryData.FromObjectAsJson(command, StorageJson.Options))
            {
                MessageId = command.Id,
                Subject = command.Name,
                CorrelationId = command.Context.CorrelationId,
                ContentType = "application/json",
            },
            cancellation);
        flows.Sent(context, command.Name);
    }
}

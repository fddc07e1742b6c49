using Atomic.EventSourcing;
using Atomic.Functions.Costs;
using Atomic.Messaging;
using Azure.Messaging.ServiceBus;

namespace Atomic.Functions.Bus;

/// <summary>Sends a command to the queue of its service. The message's id is the command's in its run: sent twice, the broker keeps one.</summary>
internal sealed class ServiceBusCommandBus(BusSenders senders, FlowCounts flows) : ICommandBus
{
    public async Task SendAsync(string context, CommandMessage command, CancellationToken cancellation)
    {
        await senders.Of(BusNames.CommandsOf(context)).SendMessageAsync(ToMessage(command), cancellation);
        flows.Sent(context, command.Name);
        Meter.Sent(readers: 1);
    }

    public async Task ScheduleAsync(string context, CommandMessage command, DateTimeOffset at, CancellationToken cancellation)
    {
        await senders.Of(BusNames.CommandsOf(context)).ScheduleMessageAsync(ToMessage(command), at, cancellation);
        flows.Sent(context, command.Name);
        Meter.Sent(readers: 1);
    }

    public Task ReplyAsync(CommandReply reply, CancellationToken cancellation) =>
        senders.Of(BusNames.Replies).SendMessageAsync(
            new ServiceBusMessage(BinaryData.FromObjectAsJson(reply, StorageJson.Options))
            {
                MessageId = IdOf(reply.Id, reply.Run),
                CorrelationId = reply.CorrelationId,
                ContentType = "application/json",
            },
            cancellation);

    private static string IdOf(string id, string? run) => run is null ? id : $"{id}:{run}";

    private static ServiceBusMessage ToMessage(CommandMessage command) => new(BinaryData.FromObjectAsJson(command, StorageJson.Options))
    {
        MessageId = IdOf(command.Id, command.Run),
        Subject = command.Name,
        CorrelationId = command.Context.CorrelationId,
        ContentType = "application/json",
    };
}

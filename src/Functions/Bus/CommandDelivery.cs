using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Messaging;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Bus;

/// <summary>A command from its queue to its handler: settled once its events are written and published. Until then the message is the outbox.</summary>
internal static class CommandDelivery
{
    public static async Task HandleAsync(
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        Func<CommandMessage, Task<Answer>> handle,
        CancellationToken cancellation)
    {
        try
        {
            await handle(message.Body.ToObjectFromJson<CommandMessage>(StorageJson.Options)!);
            await actions.CompleteMessageAsync(message, cancellation);
        }
        catch (Exception e) when (e is MalformedMessageException or JsonException)
        {
            await actions.DeadLetterMessageAsync(message, null, e.GetType().Name, e.Message, cancellation);
        }
    }
}

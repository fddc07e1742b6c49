using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Messaging;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Bus;

/// <summary>
/// Commands from their queue to their handler, many at once: those of one stream are committed together. Each is settled once its events
/// are written and published; until then the message is the outbox.
/// </summary>
public sealed class CommandDelivery(CommandHandler commands, ILogger<CommandDelivery> logger)
{
    public async Task HandleAsync(
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        Func<CommandMessage, Task<Answer>> handle,
        CancellationToken cancellation)
    {
        var failures = await Task.WhenAll(Begin(messages, handle).Zip(messages, (answer, message) => SettleAsync(message, answer, actions, cancellation)));
        var unknown = failures.OfType<Exception>().ToList();
        if (unknown.Count > 0) throw new AggregateException($"{unknown.Count} commands have no known outcome.", unknown);
    }

    private Task[] Begin(ServiceBusReceivedMessage[] messages, Func<CommandMessage, Task<Answer>> handle)
    {
        using var batch = commands.Gather();
        return [.. messages.Select(HandleOneAsync)];

        async Task HandleOneAsync(ServiceBusReceivedMessage message) =>
            await handle(message.Body.ToObjectFromJson<CommandMessage>(StorageJson.Options)
                ?? throw new MalformedMessageException(message.MessageId ?? "without id", "it is null"));
    }

    private async Task<Exception?> SettleAsync(
        ServiceBusReceivedMessage message, Task answer, ServiceBusMessageActions actions, CancellationToken cancellation)
    {
        try
        {
            await answer;
            await actions.CompleteMessageAsync(message, cancellation);
            return null;
        }
        catch (Exception e) when (e is MalformedMessageException or JsonException)
        {
            await actions.DeadLetterMessageAsync(message, null, DeadLetterReasons.MalformedMessage, DeadLetterReasons.DescriptionOf(e), cancellation);
            return null;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            Logs.CommandNotDone(logger, message.Subject ?? "", message.MessageId ?? "", e);
            await actions.AbandonMessageAsync(message, null, cancellation);
            return e;
        }
    }
}

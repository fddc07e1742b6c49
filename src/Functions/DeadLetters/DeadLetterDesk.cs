using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Functions.Commands;
using Atomic.Messaging;
using Azure.Messaging.ServiceBus;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.DeadLetters;

/// <summary>What a person does with dead letters, each act on record before it is done.</summary>
public sealed class DeadLetterDesk(DeadLetterBox box, BusSenders senders, CommandHandler audit, CommandRoutes routes)
{
    /// <summary>Puts the message back to where it came from. However often and wherever it is cut short, it has its effect once.</summary>
    /// <returns>False when it is there no more.</returns>
    public Task<bool> ResubmitAsync(DeadLetterId id, string by, string? why, CancellationToken cancellation) => box.TakeAsync(id, async message =>
    {
        await RecordAsync(id, "resubmit", new DeadLetterResubmitted(id.ToString(), message.MessageId ?? "", ReasonOf(message), by, why), by, cancellation);
        await senders.Of(id.Entity.Name).SendMessageAsync(Resubmission.Of(message, id), cancellation);
    }, cancellation);

    /// <summary>Throws the message away. A command that had written something before it was parked is published first.</summary>
    /// <returns>False when it is there no more.</returns>
    public Task<bool> DiscardAsync(
        DeadLetterId id, DurableTaskClient client, string by, string why, CancellationToken cancellation) => box.TakeAsync(id, async message =>
    {
        await PublishCommittedAsync(id.Entity, message, client, cancellation);
        await RecordAsync(id, "discard", new DeadLetterDiscarded(id.ToString(), message.MessageId ?? "", ReasonOf(message), by, why), by, cancellation);
    }, cancellation);

    /// <summary>
    /// Publishes what a dead-lettered command had committed: its message was the outbox, and nothing will redeliver it. Publishing again is
    /// harmless. A message that is no command has nothing to publish.
    /// </summary>
    public async Task PublishCommittedAsync(
        BusEntity entity, ServiceBusReceivedMessage message, DurableTaskClient client, CancellationToken cancellation)
    {
        if (CommandRoutes.ContextOf(entity.Name) is not { } context || entity.Subscription is not null) return;
        try
        {
            var command = message.Body.ToObjectFromJson<CommandMessage>(StorageJson.Options);
            if (command?.Id is not null) await routes.RepeatAsync(context, command, client, cancellation);
        }
        catch (Exception e) when (e is MalformedMessageException or JsonException)
        {
            // It was never carried out, for nobody could read it.
        }
    }

    public static string ReasonOf(ServiceBusReceivedMessage message) => message.DeadLetterReason ?? "Unknown";

    private Task<Answer> RecordAsync(DeadLetterId id, string act, IEvent e, string by, CancellationToken cancellation) => audit.DoAsync<DeadLetter>(
        id.ToString(), new Invocation(act, new EventContext(id.ToString(), $"{id}:{act}", Actor: by)), _ => [e], creates: true, cancellation);
}

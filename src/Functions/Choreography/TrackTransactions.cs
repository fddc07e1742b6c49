using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Functions.Orchestration;
using Atomic.Messaging;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Choreography;

/// <summary>Watches the facts of transactions that nobody coordinates; an orchestrator shows its own in its custom status.</summary>
public sealed class TrackTransactionsFunction(ProgressKeeper progress)
{
    [Function(nameof(TrackTransactions))]
    public async Task TrackTransactions(
        [ServiceBusTrigger(BusNames.Events, "transactions", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation)
    {
        try
        {
            if (FactPublisher.IsFact(message.Subject) && Equals(message.ApplicationProperties["coordination"], Coupling.Events))
            {
                var cloudEvent = message.Body.ToObjectFromJson<CloudEvent>(StorageJson.Options)!;
                var fact = cloudEvent.Data?.Deserialize<TransactionFact>(StorageJson.Options) ?? throw new JsonException("It is no fact.");
                await progress.HearAsync(fact, cancellation);
            }

            await actions.CompleteMessageAsync(message, cancellation);
        }
        catch (JsonException e)
        {
            await actions.DeadLetterMessageAsync(message, null, DeadLetterReasons.MalformedMessage, e.Message, cancellation);
        }
    }
}

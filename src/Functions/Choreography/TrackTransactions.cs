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
                await progress.HearAsync(cloudEvent.Data.Deserialize<TransactionFact>(StorageJson.Options)!, cancellation);
            }

            await actions.CompleteMessageAsync(message, cancellation);
        }
        catch (JsonException e)
        {
            await actions.DeadLetterMessageAsync(message, null, nameof(MalformedMessageException), e.Message, cancellation);
        }
    }
}

using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Functions.Choreography;
using Atomic.Messaging;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Tracking;

/// <summary>The tracker: a projection of the facts of transactions in all couplings.</summary>
public sealed class TrackTransactionsFunction(ProgressKeeper progress)
{
    [Function(nameof(TrackTransactions))]
    public async Task TrackTransactions(
        [ServiceBusTrigger(BusNames.Events, "transactions", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation)
    {
        try
        {
            if (FactPublisher.IsFact(message.Subject)) await progress.HearAsync(Read<TransactionFact>(message), cancellation);
            else if (FactPublisher.IsRecord(message.Subject)) await progress.HearAsync(Read<TransactionRecord>(message), cancellation);
            await actions.CompleteMessageAsync(message, cancellation);
        }
        catch (JsonException e)
        {
            await actions.DeadLetterMessageAsync(message, null, DeadLetterReasons.MalformedMessage, e.Message, cancellation);
        }
    }

    private static TData Read<TData>(ServiceBusReceivedMessage message) where TData : class =>
        message.Body.ToObjectFromJson<CloudEvent>(StorageJson.Options)?.Data?.Deserialize<TData>(StorageJson.Options)
        ?? throw new JsonException($"It is no {typeof(TData).Name}.");
}
